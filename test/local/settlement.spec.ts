import { expect } from 'chai';
import { Settlement } from '../../local/playback/settlement.ts';
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

function settlementOf(messageIds: string[], ...logs: FunctionLog[]): Settlement {
  const settlement = new Settlement();
  for (const id of messageIds) settlement.published(id);
  for (const log of logs) settlement.observe(log);
  return settlement;
}

describe('knowing what has been dealt with', () => {
  it('waits for the decision about the buyer of a recorded purchase', () => {
    const settlement = settlementOf(['1'], recorded('1', 'ann'));
    expect(settlement.outstanding).to.equal(1);
    settlement.observe(accepted('ann', 1));
    expect(settlement.outstanding).to.equal(0);
  });

  it('waits for nothing more after a duplicate, a quarantined message or a purchase without an email', () => {
    const quarantined: FunctionLog = {
      event: 'message-quarantined',
      messageId: '3',
      reason: 'invalid-json',
      details: [],
    };
    expect(settlementOf(['1', '2', '3'], recorded('1'), duplicate('2'), quarantined).outstanding).to.equal(0);
  });

  it('wants one decision for each purchase of a customer, whichever comes first', () => {
    const settlement = settlementOf(
      ['1', '2'],
      recorded('1', 'ann'),
      recorded('2', 'ann'),
      skipped('ann', 2),
    );
    expect(settlement.outstanding).to.equal(1);
    settlement.observe(accepted('ann', 1));
    expect(settlement.outstanding).to.equal(0);
  });

  it('is not done when a decision is heard of before the recording while another message is under way', () => {
    const settlement = settlementOf(['1', '2'], recorded('1', 'ann'), skipped('bob', 1));
    expect(settlement.outstanding).to.be.greaterThan(0);
    settlement.observe(recorded('2', 'bob'));
    expect(settlement.outstanding).to.equal(1);
  });

  it('counts a message that was logged before its publication was confirmed', () => {
    const settlement = settlementOf([], recorded('1'));
    settlement.published('1');
    expect(settlement.outstanding).to.equal(0);
    expect(settlement.done).to.equal(1);
  });

  it('lets the first outcome of a message that was delivered twice stand', () => {
    const settlement = settlementOf(
      ['1', '2'],
      recorded('1'),
      duplicate('1'),
      duplicate('2'),
      duplicate('2'),
    );
    expect(settlement.duplicates).to.equal(1);
  });

  it('counts a decision that was logged twice once', () => {
    const settlement = settlementOf(['1'], recorded('1', 'ann'), skipped('ann', 1), skipped('ann', 1));
    expect(settlement.skipped).to.deep.equal({ cooldown: 1 });
    expect(settlement.outstanding).to.equal(0);
  });

  it('remembers failures and does not wait for what they lost', () => {
    const settlement = settlementOf(
      ['1', '2'],
      recorded('1', 'ann'),
      { event: 'function-failed', error: 'E', document: 'documents/customers/ann' },
      { event: 'function-failed', error: 'E', messageId: '2' },
    );
    expect(settlement.outstanding).to.equal(0);
    expect(settlement.failures).to.have.lengthOf(2);
  });

  it('wakes whoever waits for room', async () => {
    const settlement = settlementOf(['1', '2']);
    const room = settlement.reaches(1);
    settlement.observe(duplicate('1'));
    await room;
    expect(settlement.outstanding).to.equal(1);
  });

  it('says what is outstanding when nothing happens any more', async () => {
    const settlement = settlementOf(['1', '2', '3'], recorded('1', 'ann'));
    const error = await settlement.reaches(0, 5).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error);
    expect((error as Error).message).to.match(/Outstanding: 2 messages .* and 1 recorded purchases/u);
  });
});
