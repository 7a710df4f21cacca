/** Ctrl-C, or being told to end. Everything is stopped in order; pressing it again changes nothing. */
import { constants } from 'node:os';

export interface Interruption {
  /** Aborted by the first of the signals. */
  readonly signal: AbortSignal;
  /** Rejects then; pending before. */
  readonly happened: Promise<never>;
}

class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** What a shell expects of a program that a signal ended. */
  readonly exitCode: number;

  constructor(name: NodeJS.Signals) {
    super(`Interrupted by ${name}.`);
    this.exitCode = 128 + constants.signals[name];
  }
}

function onInterruption(): Interruption {
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
 * Runs a command to its exit code. An error is told to the person, an interruption is none.
 * @returns the code to end with.
 */
export async function exitCodeOf(command: (interruption: Interruption) => Promise<number>): Promise<number> {
  const interruption = onInterruption();
  try {
    return await command(interruption);
  } catch (error) {
    const { reason } = interruption.signal as { reason: unknown };
    if (reason instanceof Interrupted) return reason.exitCode;
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}
