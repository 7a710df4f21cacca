import { expect } from 'chai';
import { PurchaseTracker } from '../../local/playback/purchase-tracker.ts';
import type { FunctionLog } from '../../local/stack/function-logs.ts';

const recorded = (messageId: string, customerId?: string): FunctionLog => ({
  event: 'transaction-recorded',
  messageId,
  source: 'smart-fridge',
  ...(customerId !== undefined && { customerId }),
});
const duplicate = (messageId: string): FunctionLog => ({
  event: 'transaction-duplicate',
  messageId,
  source: 'smart-fridge',
});
const skipped = (customerId: string, transactions: number): FunctionLog => ({
  event: 'outreach-skipped',
  customerId,
  transactions,
  reason: 'cooldown',
});
const accepted = (customerId: string, transactions: number): FunctionLog => ({
  event: 'email-accepted',
  customerId,
  transactions,
  emailId: `${customerId}~1`,
});

function trackerOf(messageIds: string[], ...logs: FunctionLog[]): PurchaseTracker {
  const tracker = new PurchaseTracker();
  for (const id of messageIds) tracker.published(id);
  for (const log of logs) tracker.observe(log);
  return tracker;
}

describe('the tracker of settled purchases', () => {
  it('waits for the decision about the buyer of a recorded purchase', () => {
    const tracker = trackerOf(['1'], recorded('1', 'ann'));
    expect(tracker.outstanding).to.equal(1);
    tracker.observe(accepted('ann', 1));
    expect(tracker.outstanding).to.equal(0);
  });

  it('needs no decision after a duplicate, a quarantined message or a purchase without an email address', () => {
    const quarantined: FunctionLog = {
      event: 'message-quarantined',
      messageId: '3',
      reason: 'invalid-json',
      details: [],
    };
    expect(trackerOf(['1', '2', '3'], recorded('1'), duplicate('2'), quarantined).outstanding).to.equal(0);
  });

  it('needs one decision for each purchase of a customer, in any order', () => {
    const tracker = trackerOf(['1', '2'], recorded('1', 'ann'), recorded('2', 'ann'), skipped('ann', 2));
    expect(tracker.outstanding).to.equal(1);
    tracker.observe(accepted('ann', 1));
    expect(tracker.outstanding).to.equal(0);
  });

  it('is not done when a decision is logged before its purchase while another message is under way', () => {
    const tracker = trackerOf(['1', '2'], recorded('1', 'ann'), skipped('bob', 1));
    expect(tracker.outstanding).to.be.greaterThan(0);
    tracker.observe(recorded('2', 'bob'));
    expect(tracker.outstanding).to.equal(1);
  });

  it('counts a message that was logged before its publication was confirmed', () => {
    const tracker = trackerOf([], recorded('1'));
    tracker.published('1');
    expect(tracker.outstanding).to.equal(0);
    expect(tracker.settled).to.equal(1);
  });

  it('keeps the first outcome of a message that was delivered twice', () => {
    const tracker = trackerOf(['1', '2'], recorded('1'), duplicate('1'), duplicate('2'), duplicate('2'));
    expect(tracker.count('duplicate')).to.equal(1);
  });

  it('counts a decision once that was logged twice', () => {
    const tracker = trackerOf(['1'], recorded('1', 'ann'), skipped('ann', 1), skipped('ann', 1));
    expect(tracker.skipped).to.deep.equal({ cooldown: 1 });
    expect(tracker.outstanding).to.equal(0);
  });

  it('keeps failures and does not wait for the work that they lost', () => {
    const tracker = trackerOf(
      ['1', '2'],
      recorded('1', 'ann'),
      { event: 'function-failed', error: 'E', document: 'documents/customers/ann' },
      { event: 'function-failed', error: 'E', messageId: '2' },
    );
    expect(tracker.outstanding).to.equal(0);
    expect(tracker.failures).to.have.lengthOf(2);
  });

  it('resolves as soon as few enough purchases are outstanding', async () => {
    const tracker = trackerOf(['1', '2']);
    const room = tracker.outstandingAtMost(1);
    tracker.observe(duplicate('1'));
    await room;
    expect(tracker.outstanding).to.equal(1);
  });

  it('says what is outstanding when nothing more is logged', async () => {
    const tracker = trackerOf(['1', '2', '3'], recorded('1', 'ann'));
    const error = await tracker.outstandingAtMost(0, 5).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error);
    expect((error as Error).message).to.match(
      /Outstanding: 2 messages without a result, and 1 recorded purchases/u,
    );
  });
});
