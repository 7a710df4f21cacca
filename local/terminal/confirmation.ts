import { createInterface } from 'node:readline/promises';

/**
 * Asks a person; anything but yes is no.
 * @throws Error when there is nobody to ask.
 */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error(`${question} Nobody is here to answer: add --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/iu.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
