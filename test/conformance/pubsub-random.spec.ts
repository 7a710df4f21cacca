import { expect } from 'chai';
import fc from 'fast-check';
import { Fixture } from '../support/pubsub-fixture.ts';
import { describeWithEmulators } from '../support/emulators.ts';
import { embeddedPubsub, googleEmulator, type PubsubTarget } from '../support/pubsub-targets.ts';

type Step =
  | { readonly kind: 'publish'; readonly count: number }
  | { readonly kind: 'pull'; readonly most: number }
  /** `of` counts back from the latest delivery. Some of these deliveries are void. */
  | { readonly kind: 'acknowledge' | 'refuse'; readonly of: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('pull' as const), most: fc.integer({ min: 1, max: 4 }) }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constantFrom('acknowledge' as const, 'refuse' as const),
        of: fc.nat(5),
      }),
    },
  ),
  { minLength: 5, maxLength: 25 },
);

/** @returns the messages of each pull, and the dead letters at the end. */
async function played(target: PubsubTarget, sequence: readonly Step[]): Promise<unknown> {
  const deadLetters = await Fixture.create(target);
  const fixture = await Fixture.create(target, {
    deadLetterPolicy: { deadLetterTopic: deadLetters.topic, maxDeliveryAttempts: 5 },
  });
  const ackIds: string[] = [];
  const pulls: unknown[] = [];
  let published = 0;
  const pull = async (most: number): Promise<void> => {
    const received = await fixture.pull(most);
    ackIds.push(...received.map(({ ackId }) => ackId));
    pulls.push(received.map(({ text, deliveryAttempt }) => ({ text, deliveryAttempt })));
  };
  for (const step of sequence) {
    if (step.kind === 'publish') {
      await fixture.publish(...Array.from({ length: step.count }, () => `${(published += 1)}`));
    } else if (step.kind === 'pull') {
      await pull(step.most);
    } else if (ackIds.length > 0) {
      const ackId = ackIds.at(-1 - (step.of % ackIds.length)) ?? '';
      if (step.kind === 'acknowledge') await fixture.acknowledge(ackId);
      else await fixture.modifyAckDeadline(0, ackId);
    }
  }
  await pull(1_000);
  const dead = (await deadLetters.pull()).map(({ text }) => text);
  return { pulls, dead };
}

describeWithEmulators("Random sequences: embedded against Google's emulator", function () {
  this.timeout(60_000);
  let embedded: PubsubTarget;
  let emulator: PubsubTarget;

  before(async () => {
    [embedded, emulator] = await Promise.all([embeddedPubsub(), googleEmulator()]);
  });
  after(() => Promise.all([embedded.close(), emulator.close()]));

  it('of publish, pull, acknowledge and refuse give the same deliveries', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const [ours, theirs] = await Promise.all([played(embedded, sequence), played(emulator, sequence)]);
        expect(ours).to.deep.equal(theirs);
      }),
      { numRuns: 25 },
    );
  });
});
