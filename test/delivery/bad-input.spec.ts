import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { startProductionStack, type ProductionStack } from '../../local/production/stack.ts';
import { malformed } from '../support/malformed.ts';
import { push } from '../support/push.ts';
import { purchaseOf, someBuyer } from '../support/purchases.ts';

const MALFORMED = 5_000;
/** After this many malformed messages comes a valid one. */
const BETWEEN_VALID_ONES = 100;
const IN_FLIGHT = 40;

/** A small heap, in MB: in a large one, garbage that waits for collection looks like a leak. */
const heap = ['--max-old-space-size=80', '--max-semi-space-size=2'];

/** How much the process may grow after it has warmed up, in MB: less than 6 kB a message. */
const GROWTH = 20;

describe('malformed input', function () {
  this.timeout(240_000);
  let stack: ProductionStack;

  before(async () => {
    stack = await startProductionStack({ functions: ['recordTransaction'], nodeOptions: heap });
  });
  after(() => stack.stop());

  /** Pushes the messages with these numbers, some at the same time. */
  async function deliver(from: number, to: number): Promise<void> {
    let next = from;
    const one = async () => {
      for (let n = next++; n < to; n = next++) {
        const message = { topic: 'transactions', messageId: `bad-${n}`, data: malformed(n).data };
        expect(await push(stack.process('recordTransaction'), message), malformed(n).kind).to.equal(204);
        if (n % BETWEEN_VALID_ONES === 0) await deliverValidOne(n);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, one));
  }

  async function deliverValidOne(n: number): Promise<void> {
    // This is merely an unknown field, and unknown fields are allowed.
    const harmless = purchaseOf(someBuyer(), Date.now())
      .toString()
      .replace('{', '{"__proto__":{"amount":1},');
    const message = { topic: 'transactions', messageId: `good-${n}`, data: Buffer.from(harmless) };
    expect(await push(stack.process('recordTransaction'), message)).to.equal(204);
  }

  /** Resident memory of the process, in MB. */
  function memory(): number {
    const { pid } = stack.process('recordTransaction');
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid ?? 0}`], { encoding: 'utf8' })) / 1024;
  }

  it('goes to quarantine with a reason, and neither stops the function nor makes it grow', async () => {
    await deliver(0, MALFORMED / 4);
    const early = memory();
    await deliver(MALFORMED / 4, MALFORMED);
    expect(memory() - early).to.be.below(GROWTH);

    const { logs } = stack.process('recordTransaction');
    const quarantined = logs.all(({ event }) => event === 'message-quarantined');
    expect(quarantined).to.have.length(MALFORMED);
    for (const { messageId, reason, details } of quarantined) {
      const { kind } = malformed(Number(String(messageId).slice('bad-'.length)));
      expect(reason, kind).to.be.oneOf(['invalid-json', 'invalid-transaction', 'unsupported-version']);
      expect(details, kind).to.be.an('array').that.is.not.empty;
      expect(String(details), kind).to.match(/^[\w[\].]+: .+|^the message/u);
    }
    expect(logs.all(({ event }) => event === 'transaction-recorded')).to.have.length(
      MALFORMED / BETWEEN_VALID_ONES,
    );
    expect((await stack.firestore.collection('quarantine').count().get()).data().count).to.equal(MALFORMED);
    const recorded = await stack.firestore.collection('transactions').count().get();
    expect(recorded.data().count).to.equal(MALFORMED / BETWEEN_VALID_ONES);
  });
});
