import { createInterface } from 'node:readline/promises';
import { parseArgs, styleText, type ParseArgsConfig } from 'node:util';
import { nearest } from './near-miss.ts';

/** The arguments that a command takes. Every command takes `--help` too. */
export interface CommandLine extends ParseArgsConfig {
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Printed for `--help`. */
  readonly help: string;
}

type Strict<T extends CommandLine> = T & { readonly strict: true };

/** Parses this process's arguments. Exits after `--help` (code 0) and after invalid arguments (code 1). */
export function readCommandLine<const T extends CommandLine>(
  command: T,
): ReturnType<typeof parseArgs<Strict<T>>> {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    console.log(command.help);
    process.exit(0);
  }
  const fault = faultIn(command);
  if (fault !== undefined) {
    printError(fault);
    process.exit(1);
  }
  return parseArgs<Strict<T>>({ ...command, strict: true });
}

/** What is wrong with the arguments of this process, as one sentence. */
function faultIn({ options, allowPositionals = false }: CommandLine): string | undefined {
  const { tokens } = parseArgs({ options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'option') {
      const fault = faultOf(token, options);
      if (fault !== undefined) return fault;
    } else if (token.kind === 'positional' && !allowPositionals) {
      return `"${token.value}" is one argument too many.`;
    }
  }
  return undefined;
}

/** An option as it was given. */
interface GivenOption {
  readonly name: string;
  /** With its dashes. */
  readonly rawName: string;
  readonly value: string | undefined;
  /** Whether the value was given as in `--name=value`. */
  readonly inlineValue: boolean | undefined;
}

function faultOf(
  { name, rawName, value, inlineValue = false }: GivenOption,
  options: CommandLine['options'],
): string | undefined {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) return unknownOption(rawName, Object.keys(options));
  if (option.type === 'boolean') return value === undefined ? undefined : `${rawName} takes no value.`;
  // A single dash is a value: standard input.
  const isOption = value !== undefined && value.length > 1 && value.startsWith('-') && !inlineValue;
  return value === undefined || isOption ? `${rawName} needs a value.` : undefined;
}

function unknownOption(given: string, names: readonly string[]): string {
  const known = [...names, 'help'].map((name) => `--${name}`);
  const meant = nearest(given, known);
  return `There is no option ${given}: ${meant === undefined ? '--help lists the options.' : `did you mean ${meant}?`}`;
}

/** Prints an error, in red on a terminal. */
export function printError(message: string): void {
  console.error(styleText('red', message, { stream: process.stderr }));
}

/** Prints what is wrong with the arguments and the first paragraph of the help text, and exits with code 1. */
export function exitWithUsage(message: string, help: string): never {
  const [usage = ''] = help.split('\n\n');
  printError(message);
  console.error(`\n${usage}\n(--help explains this.)`);
  process.exit(1);
}

/** The part of a command that its first argument names. Exits when there is none of that name. */
export function partNamed<T>(
  name: string | undefined,
  parts: Readonly<Record<string, T>>,
  help: string,
): readonly [name: string, part: T] {
  const names = Object.keys(parts);
  const part = name !== undefined && Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (name !== undefined && part !== undefined) return [name, part];
  const meant = name === undefined ? undefined : nearest(name, names);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return exitWithUsage(`Say what to do: ${listOf(names)}.${hint}`, help);
}

function listOf(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(names);
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
    printError(error instanceof Error ? error.message : String(error));
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
