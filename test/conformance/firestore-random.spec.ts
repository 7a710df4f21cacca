import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expectationOf, interleaving, playInterleaving } from '../support/firestore-interleavings.ts';
import { history, play } from '../support/firestore-histories.ts';
import { describeEmulator } from '../support/describe-target.ts';
import { embeddedFirestore, googleEmulator, type FirestoreTarget } from '../support/firestore-targets.ts';

describeEmulator('random histories of Firestore', googleEmulator, (google) => {
  let embedded: FirestoreTarget | undefined;
  before(async () => {
    embedded = await embeddedFirestore();
  });
  after(() => embedded?.close());

  it('come to the same answers and documents as with the embedded one', async function () {
    this.timeout(60_000);
    const sameOnBoth = fc.asyncProperty(history, async (steps) => {
      assert.ok(embedded);
      const [actual, expected] = await Promise.all([
        play(embedded.emptyDatabase(), steps),
        play(google().emptyDatabase(), steps),
      ]);
      assert.deepStrictEqual(actual, expected);
    });
    await fc.assert(sameOnBoth, { numRuns: 40 });
  });

  it('wait for each other and are aborted as with the embedded one', async function () {
    this.timeout(60_000);
    // At the same time, each in a database of its own: a deadlock takes the emulator two seconds to see.
    const many = fc.array(interleaving, { minLength: 8, maxLength: 8 });
    const sameOnBoth = fc.asyncProperty(many, async (interleavings) => {
      const expected = await Promise.all(interleavings.map(expectationOf));
      await Promise.all(
        expected.map(async (expectation) => {
          const actual = await playInterleaving(google().emptyDatabase(), expectation);
          if (actual !== undefined) assert.deepStrictEqual({ ...expectation, ...actual }, expectation);
        }),
      );
    });
    await fc.assert(sameOnBoth, { numRuns: 3, endOnFailure: true });
  });
});
