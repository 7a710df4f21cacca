import type { DocumentData } from '@google-cloud/firestore';
import { expect } from 'chai';
import fc from 'fast-check';
import { customerIdOf } from '../../functions/src/domain/identity.ts';
import { firestoreForEachTest } from '../support/emulators.ts';
import { logForEachTest } from '../support/log.ts';
import { publishedMessage } from '../support/messages.ts';
import { engagementRecorder, transactionRecorder } from '../support/recording.ts';
import { day, hour, now, transactionMessage } from '../support/transactions.ts';

const hashKey = 'a key of the tests, long enough to be one';
const annId = customerIdOf('ann.lee@example.com', hashKey);

describe('recording engagements', () => {
  const test = firestoreForEachTest();
  const recorded = logForEachTest();

  const engage = (type: string, occurredAt: number, eventId = `${type} ${occurredAt}`) =>
    engagementRecorder(
      test.firestore,
      recorded.log,
      hashKey,
    )(
      publishedMessage({
        eventId,
        type,
        occurredAt: new Date(occurredAt).toISOString(),
        customer: { email: 'Ann.Lee@example.com' },
      }),
    );
  const buy = () =>
    transactionRecorder(test.firestore, recorded.log, hashKey)(publishedMessage(transactionMessage()));
  const document = async (path: string): Promise<DocumentData | undefined> =>
    (await test.firestore.doc(path).get()).data();
  const email = (sequence: number, acceptedAt: number) =>
    test.firestore
      .doc(`emails/${annId}~${sequence}`)
      .set({ customerId: annId, status: 'accepted', acceptedAt });

  it('takes one write and no read for activity', async () => {
    await engage('resource-viewed', now - hour);
    expect(test.meter.take()).to.deep.equal({ rpcs: { Commit: 1 }, reads: 0, writes: 1 });
    expect(await document(`customers/${annId}`)).to.include({ firstActivityAt: now - hour });
  });

  it('stores a sign-up, and when the first steps are due', async () => {
    await engage('signed-up', now - hour);
    expect(await document(`customers/${annId}`)).to.deep.equal({
      email: 'ann.lee@example.com',
      group: 'outreach',
      signedUpAt: now - hour,
    });
    expect(await document(`outreach/${annId}`)).to.deep.equal({ firstStepsDueAt: now - hour + 3 * day });
    expect(recorded.events()).to.deep.equal(['engagement-recorded']);
  });

  it('keeps the earliest sign-up and the earliest activity, in any order and with repetitions', async () => {
    await buy();
    const facts = fc.array(
      fc.record({
        type: fc.constantFrom('signed-up', 'community-joined', 'resource-viewed', 'resource-consumed'),
        hoursAgo: fc.integer({ min: 0, max: 500 }),
      }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(facts, fc.integer(), async (each, seed) => {
        await test.firestore.doc(`customers/${annId}`).delete();
        const shuffled = [...each, ...each].toSorted(
          (a, b) => ((a.hoursAgo * 31 + seed) % 7) - ((b.hoursAgo * 31 + seed) % 7),
        );
        await Promise.all(shuffled.map(({ type, hoursAgo }) => engage(type, now - hoursAgo * hour)));
        const earliest = (signUp: boolean) =>
          Math.min(
            ...each
              .filter(({ type }) => (type === 'signed-up') === signUp)
              .map(({ hoursAgo }) => now - hoursAgo * hour),
          );
        const stored = await document(`customers/${annId}`);
        expect(stored?.['signedUpAt'] ?? Infinity).to.equal(earliest(true));
        expect(stored?.['firstActivityAt'] ?? Infinity).to.equal(earliest(false));
      }),
      { numRuns: 15 },
    );
  }).timeout(60_000);

  it('makes one customer of a sign-up and a purchase', async () => {
    await engage('signed-up', now - hour);
    await buy();
    expect(await document(`customers/${annId}`)).to.include({
      transactions: 1,
      signedUpAt: now - hour,
      name: 'Ann Lee',
    });
  });

  it('credits the sign-up to the last email before it', async () => {
    await email(1, now - 20 * day);
    await email(2, now - 2 * day);
    await engage('signed-up', now - hour);
    expect(await document(`emails/${annId}~1`)).to.not.have.property('convertedAt');
    expect(await document(`emails/${annId}~2`)).to.include({ convertedAt: now - hour });
    expect(recorded.lines.at(-1)).to.include({ event: 'conversion-credited', emailId: `${annId}~2` });
  });

  it('moves the credit to the right email when an earlier sign-up becomes known', async () => {
    await email(1, now - 20 * day);
    await email(2, now - 2 * day);
    await engage('signed-up', now - hour);
    await engage('signed-up', now - 3 * day);
    expect(await document(`emails/${annId}~1`)).to.include({ convertedAt: now - 3 * day });
    expect(await document(`emails/${annId}~2`)).to.not.have.property('convertedAt');
  });

  it('changes nothing when the same sign-up is delivered again', async () => {
    await email(1, now - 2 * day);
    await engage('signed-up', now - hour, 'once');
    const before = (await test.firestore.doc(`emails/${annId}~1`).get()).updateTime;
    await engage('signed-up', now - hour, 'once');
    expect((await test.firestore.doc(`emails/${annId}~1`).get()).updateTime).to.deep.equal(before);
  });

  it('quarantines a message it cannot decode', async () => {
    await engage('left', now);
    expect(recorded.lines[0]).to.include({ event: 'message-quarantined', reason: 'invalid-engagement' });
    expect((await test.firestore.collection('customers').get()).size).to.equal(0);
  });
});
