/**
 * Where Pulumi starts. Plain JavaScript, so that an older Node, which cannot read the TypeScript of the program, gets
 * as far as saying so.
 */
const NEEDED = 24;

export default async function main() {
  if (Number.parseInt(process.versions.node, 10) < NEEDED) {
    throw new Error(
      `This program needs Node ${NEEDED} or newer, and Pulumi runs it with Node ${process.versions.node}. ` +
        'Put a newer one first in the PATH, from https://nodejs.org.',
    );
  }
  const { provision } = await import('./index.ts');
  return provision();
}
