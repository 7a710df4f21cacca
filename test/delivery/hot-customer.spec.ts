import { expect } from 'chai';
import type { LogLine } from '../../local/production/log-book.ts';
import { startProductionStack, type ProductionStack } from '../../local/production/stack.ts';
import { purchaseOf, someBuyer } from '../support/purchases.ts';

const PURCHASES = 1_000;
const IN_FLIGHT = 80;

describe('a customer', function () {
  this.timeout(180_000);
  let stack: ProductionStack;

  before(async () => {
    stack = await startProductionStack({
      functions: ['recordTransaction', 'targetCustomer', 'resumeEmails', 'quarantineDeadLetter'],
      inFlight: IN_FLIGHT,
    });
  });
  after(() => stack.stop());

  it('who buys a thousand times at once is counted correctly and gets one email', async () => {
    const buyer = someBuyer();
    const now = Date.now();
    const messageIds = await Promise.all(
      Array.from({ length: PURCHASES }, () => stack.publish('transactions', purchaseOf(buyer, now))),
    );
    expect(new Set(messageIds).size).to.equal(PURCHASES);
    const isDecision = ({ customerId }: LogLine) => customerId === buyer.customerId;
    await stack.process('recordTransaction').logs.until(isDecision, PURCHASES);
    await stack.process('targetCustomer').logs.until(isDecision, PURCHASES);

    const customer = await stack.firestore.doc(`customers/${buyer.customerId}`).get();
    expect(customer.data()).to.deep.include({
      transactions: PURCHASES,
      spend: { EUR: PURCHASES * 890 },
      transactionsBySource: { 'smart-fridge': PURCHASES },
    });
    const accepted = await fetch(`${stack.services.sendgrid}/stand-in/accepted`);
    expect(await accepted.json()).to.deep.equal({ count: 1, emailIds: [`${buyer.customerId}~1`] });
    const emails = await stack.firestore.collection('emails').get();
    expect(emails.docs.map((email) => email.get('status') as unknown)).to.deep.equal(['accepted']);
    expect(stack.process('quarantineDeadLetter').logs.all(() => true)).to.be.empty;
    expect((await stack.firestore.collection('quarantine').get()).size).to.equal(0);
  });
});
