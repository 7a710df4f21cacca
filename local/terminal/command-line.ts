import { parseArgs, type ParseArgsConfig } from 'node:util';

/** What a command takes; `--help` goes without saying. */
export interface CommandLine extends ParseArgsConfig {
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Shown for `--help`. */
  readonly help: string;
}

type Strict<T extends CommandLine> = T & { readonly strict: true };

/** Reads this process's arguments; ends the process after `--help` (code 0) and after what it cannot read (code 2). */
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
    misused(error instanceof Error ? error.message : String(error), command.help);
  }
}

/** Says what is wrong with the arguments, shows the right ones and ends the process. */
export function misused(message: string, help: string): never {
  console.error(`${message}\n\n${help}`);
  process.exit(2);
}
