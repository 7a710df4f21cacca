import { createInterface } from 'node:readline/promises';
import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The arguments that a command takes. Every command takes `--help` too. */
export interface CommandLine extends ParseArgsConfig {
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Printed for `--help`. */
  readonly help: string;
}

type Strict<T extends CommandLine> = T & { readonly strict: true };

/** Parses this process's arguments. Exits after `--help` (code 0) and after invalid arguments (code 2). */
export function readCommandLine<const T extends CommandLine>(
  command: T,
): ReturnType<typeof parseArgs<Strict<T>>> {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    console.log(command.help);
    process.exit(0);
  }
  try {
    return parseArgs<Strict<T>>({ ...command, strict: true });
  } catch (error) {
    exitWithUsage(error instanceof Error ? error.message : String(error), command.help);
  }
}

/** Prints what is wrong with the arguments, then the help text, and exits with code 2. */
export function exitWithUsage(message: string, help: string): never {
  console.error(`${message}\n\n${help}`);
  process.exit(2);
}

/**
 * The only positional argument of a command. Exits when there is none, or more than one.
 * @param message printed then.
 */
export function onlyArgument(positionals: readonly string[], message: string, help: string): string {
  const [argument, ...others] = positionals;
  return argument === undefined || others.length > 0 ? exitWithUsage(message, help) : argument;
}

/** Runs a command and prints the message of an error. The exit code is 1 after an error, and when it returns false. */
export async function runCommand(command: () => Promise<unknown>): Promise<void> {
  try {
    process.exitCode = (await command()) === false ? 1 : 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

/**
 * Asks a yes-or-no question on the terminal. Every answer but yes means no.
 * @throws Error without a terminal.
 */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error(`${question} There is no terminal to ask on: add --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/iu.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
