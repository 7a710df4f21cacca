import { constants } from 'node:os';
import { printError } from './command-line.ts';

/** Ctrl-C, or another signal to end. A command that watches for it stops its parts in order. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Rejects at the first signal; pending before. */
  readonly happened: Promise<never>;
}

class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** What a shell expects of a program that a signal has ended. */
  readonly exitCode: number;

  constructor(name: NodeJS.Signals) {
    super(`Interrupted by ${name}.`);
    this.exitCode = 128 + constants.signals[name];
  }
}

function watchSignals(): Interruption {
  const controller = new AbortController();
  const happened = new Promise<never>((_, reject) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        const interrupted = new Interrupted(name);
        controller.abort(interrupted);
        reject(interrupted);
      });
    }
  });
  happened.catch(() => undefined);
  return { signal: controller.signal, happened };
}

/**
 * Runs a command that stops in order when it is interrupted; further signals have no effect. Prints the message of an
 * error.
 * @returns the exit code.
 */
export async function exitCodeOf(command: (interruption: Interruption) => Promise<number>): Promise<number> {
  const interruption = watchSignals();
  try {
    return await command(interruption);
  } catch (error) {
    const { reason } = interruption.signal as { reason: unknown };
    if (reason instanceof Interrupted) return reason.exitCode;
    printError(error instanceof Error ? error.message : String(error));
    return 1;
  }
}
