/**
 * The entry file of the Pulumi program. It is JavaScript, so that an older Node, which cannot load TypeScript, still gets
 * to the error message.
 */
const MINIMUM_NODE = 24;

export default async function main() {
  if (Number.parseInt(process.versions.node, 10) < MINIMUM_NODE) {
    throw new Error(
      `This program needs Node ${MINIMUM_NODE} or newer, and Pulumi runs it with Node ${process.versions.node}. ` +
        'Install a newer one from https://nodejs.org and put it first in the PATH.',
    );
  }
  const { provision } = await import('./index.ts');
  return provision();
}
