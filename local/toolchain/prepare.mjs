import { withLock } from './lock.mjs';

/**
 * Makes things ready that a command needs, in this order, and does nothing when all are.
 * @param {{ isReady: () => boolean, prepare: () => Promise<void> }[]} preparations
 */
export async function prepare(preparations) {
  if (preparations.every((preparation) => preparation.isReady())) return;
  await withLock(async () => {
    for (const preparation of preparations) {
      // Another process may have prepared it while this one waited for the lock.
      if (!preparation.isReady()) await preparation.prepare();
    }
  });
}
