import assert from 'node:assert/strict';
import fc from 'fast-check';
import { history, play } from '../support/firestore-histories.ts';
import { embeddedFirestore, onGoogleEmulator, type FirestoreTarget } from '../support/firestore-targets.ts';

onGoogleEmulator('random histories of Firestore', (google) => {
  let embedded: FirestoreTarget;
  before(async () => {
    embedded = await embeddedFirestore();
  });
  after(() => embedded.close());

  it('come to the same answers and documents as with the embedded one', async function () {
    this.timeout(60_000);
    const sameOnBoth = fc.asyncProperty(history, async (steps) => {
      const [theirs, ours] = await Promise.all(
        [google(), embedded].map((target) => play(target.emptyDatabase(), steps)),
      );
      assert.deepStrictEqual(ours, theirs);
    });
    await fc.assert(sameOnBoth, { numRuns: Number(process.env['RUNS'] ?? 60) });
  });
});
