import { execFile } from 'node:child_process';
import { compileCacheFolder } from '../../local/toolchain/paths.mjs';

/** How a command ended, and what it wrote. */
export interface CommandResult {
  /** Null when a signal ended the command. */
  readonly exitCode: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command as a shell without a terminal does. @param env its environment, besides `PATH`. */
export function runCommand(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCacheFolder, ...env } };
    const child = execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : (error.code ?? null), stdout, stderr });
    });
    child.stdin?.end();
  });
}
