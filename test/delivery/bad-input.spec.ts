import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { startProductionStack, type ProductionStack } from '../../local/production/stack.ts';
import { malformed } from '../support/malformed.ts';
import { push } from '../support/push.ts';
import { purchaseOf, someBuyer } from '../support/purchases.ts';

const MALFORMED = 10_000;
/** After so many of them there is a good one. */
const BETWEEN_GOOD_ONES = 100;
const IN_FLIGHT = 40;

/** A small heap, in MB: with a large one, garbage that is only waiting to be collected looks like a leak. */
const heap = ['--max-old-space-size=80', '--max-semi-space-size=2'];

/** How much larger the process may be in the end than when it had warmed up, in MB: less than 3 kB a message. */
const GROWTH = 20;

describe('bad input', function () {
  this.timeout(240_000);
  let stack: ProductionStack;

  before(async () => {
    stack = await startProductionStack({ functions: ['recordTransaction'], nodeOptions: heap });
  });
  after(() => stack.stop());

  /** Pushes the messages from one number up to another, some at the same time. */
  async function deliver(from: number, to: number): Promise<void> {
    let next = from;
    const one = async () => {
      for (let n = next++; n < to; n = next++) {
        const message = { topic: 'transactions', messageId: `bad-${n}`, data: malformed(n).data };
        expect(await push(stack.process('recordTransaction'), message), malformed(n).kind).to.equal(204);
        if (n % BETWEEN_GOOD_ONES === 0) await deliverGoodOne(n);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, one));
  }

  async function deliverGoodOne(n: number): Promise<void> {
    // What only looks dangerous is an unknown field, and those are allowed.
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

  it('neither stops nor swells the function, and ends in quarantine with a reason', async () => {
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
      MALFORMED / BETWEEN_GOOD_ONES,
    );
    expect((await stack.firestore.collection('quarantine').count().get()).data().count).to.equal(MALFORMED);
    const recorded = await stack.firestore.collection('transactions').count().get();
    expect(recorded.data().count).to.equal(MALFORMED / BETWEEN_GOOD_ONES);
  });
});
