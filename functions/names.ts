/**
 * The name of a function or variable in the cloud, where names consist of lower-case letters, digits and hyphens:
 * `recordTransaction` becomes `record-transaction`, `HASH_KEY` becomes `hash-key`.
 */
export function cloudName(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/gu, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

/**
 * The address of an HTTP function that is known before the function is deployed, unlike the one of Cloud Run
 * (https://docs.cloud.google.com/run/docs/function-triggers).
 */
export function functionUrl(project: string, region: string, functionName: string): string {
  return `https://${region}-${project}.cloudfunctions.net/${cloudName(functionName)}`;
}
