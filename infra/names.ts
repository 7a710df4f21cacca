/**
 * The name of a function or variable in the cloud, where names are made of small letters, digits and hyphens:
 * `recordTransaction` is `record-transaction`, `HASH_KEY` is `hash-key`.
 */
export function cloudName(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/gu, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

/**
 * The address that an HTTP function has beside Cloud Run's, and that is known before there is one
 * (https://docs.cloud.google.com/run/docs/function-triggers).
 */
export function functionUrl(project: string, region: string, functionName: string): string {
  return `https://${region}-${project}.cloudfunctions.net/${cloudName(functionName)}`;
}
