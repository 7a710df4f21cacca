import { setTimeout as delay } from 'node:timers/promises';
import { SECOND } from '../domain/time.ts';

/** Cloud Run kills an instance 10 s after SIGTERM. */
const GRACE = 9 * SECOND;

/** The time that an answer needs to leave the process after its event is handled. In ms. */
const FLUSH_TIME = 50;

const inFlight = new Set<Promise<void>>();
let listening = false;

/**
 * Makes a handler finish its current work after SIGTERM. Work that does not finish in time gets no answer, so that its event is
 * delivered again.
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

/** The framework ends the process at once on SIGTERM. It adds its listener after loading the functions, so this runs later. */
function replaceFrameworkShutdown(): void {
  if (listening) return;
  listening = true;
  process.removeAllListeners('SIGTERM');
  process.once('SIGTERM', () => void finish());
}

async function finish(): Promise<void> {
  await Promise.race([Promise.allSettled(inFlight), delay(GRACE)]);
  await delay(FLUSH_TIME);
  process.exit(0);
}
