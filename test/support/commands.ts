import { execFile } from 'node:child_process';

/** What a command left behind. */
export interface CommandResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of `operations/` as a shell without a terminal would. @param env nothing else is in its environment. */
export function runCommand(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'], ...env } };
    const child = execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : (error.code ?? null), stdout, stderr });
    });
    child.stdin?.end();
  });
}
