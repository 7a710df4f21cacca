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

/** The address of an HTTP function, which follows from its name (https://cloud.google.com/run/docs/triggering/https-request). */
export function functionUrl(project: string, region: string, functionName: string): string {
  return `https://${region}-${project}.cloudfunctions.net/${cloudName(functionName)}`;
}
