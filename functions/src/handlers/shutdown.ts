import { setTimeout as delay } from 'node:timers/promises';

/** Cloud Run kills an instance 10 s after it has asked it to stop. In ms. */
const PATIENCE = 9_000;

/** What an answer needs to leave the process after its event has been handled. In ms. */
const FAREWELL = 50;

const inFlight = new Set<Promise<void>>();
let takenOver = false;

/**
 * Has a handler finish what it is at when the instance is asked to stop. What is not finished in time is given up:
 * without an answer, its event is delivered again.
 */
export function finishingOnShutdown<E extends unknown[]>(
  handler: (...event: E) => Promise<void>,
): (...event: E) => Promise<void> {
  return async (...event) => {
    takeOverShutdown();
    const handled = handler(...event);
    inFlight.add(handled);
    try {
      await handled;
    } finally {
      inFlight.delete(handled);
    }
  };
}

/** The framework answers SIGTERM by ending at once. It says so only after loading the functions, hence this late. */
function takeOverShutdown(): void {
  if (takenOver) return;
  takenOver = true;
  process.removeAllListeners('SIGTERM');
  process.once('SIGTERM', () => void finish());
}

async function finish(): Promise<void> {
  await Promise.race([Promise.allSettled(inFlight), delay(PATIENCE)]);
  await delay(FAREWELL);
  process.exit(0);
}
