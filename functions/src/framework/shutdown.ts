import { setTimeout as delay } from 'node:timers/promises';
import { SECOND } from '../domain/time.ts';

/** Cloud Run kills an instance 10 s after it has asked it to stop. */
const PATIENCE = 9 * SECOND;

/** What an answer needs to leave the process after its event has been handled. In ms. */
const FLUSH_TIME = 50;

const inFlight = new Set<Promise<void>>();
let listening = false;

/**
 * Makes a handler finish its current work when the instance is asked to stop. What is not finished in time is given up:
 * without an answer, its event is delivered again.
 */
export function finishingOnShutdown<E extends unknown[]>(
  handler: (...event: E) => Promise<void>,
): (...event: E) => Promise<void> {
  return async (...event) => {
    replaceFrameworkShutdown();
    const handled = handler(...event);
    inFlight.add(handled);
    try {
      await handled;
    } finally {
      inFlight.delete(handled);
    }
  };
}

/** The framework answers SIGTERM by ending at once. It adds its listener after loading the functions, hence this late. */
function replaceFrameworkShutdown(): void {
  if (listening) return;
  listening = true;
  process.removeAllListeners('SIGTERM');
  process.once('SIGTERM', () => void finish());
}

async function finish(): Promise<void> {
  await Promise.race([Promise.allSettled(inFlight), delay(PATIENCE)]);
  await delay(FLUSH_TIME);
  process.exit(0);
}
