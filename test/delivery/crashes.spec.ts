import { expect } from 'chai';
import { PurchaseScenario } from '../support/purchase-scenario.ts';
import {
  analyticsContent,
  mailSend,
  startGatedStack,
  type FunctionName,
  type Gates,
  type GatedStack,
} from '../support/gated-stack.ts';
import type { Hold } from '../support/gate.ts';
import { minute } from '../support/transactions.ts';

interface Outcome {
  readonly status: 'accepted' | 'rejected';
  readonly reason?: string;
  /** How often SendGrid accepts the email. */
  readonly sent: number;
}

/** A point between two steps at which a process is killed, and how the email ends. */
interface Crash {
  readonly step: string;
  readonly hold: (gates: Gates) => Hold;
  /** With SendGrid's webhook, which reports what happened. */
  readonly withWebhook: Outcome;
  readonly withoutWebhook: Outcome;
}

const sent: Outcome = { status: 'accepted', sent: 1 };
const givenUp = (times: number): Outcome => ({ status: 'rejected', reason: 'outcome-unknown', sent: times });

/** The event is delivered again, as if it were the first time. */
const noTrace = { withWebhook: sent, withoutWebhook: sent };
/** The outcome is unknown and SendGrid has not accepted the email: the webhook stays silent. */
const neverSent = { withWebhook: sent, withoutWebhook: givenUp(0) };
/** The outcome is unknown and SendGrid has accepted the email: the webhook reports it. */
const sentUnnoticed = { withWebhook: sent, withoutWebhook: givenUp(1) };

/** The steps of sending an email that a run has claimed or taken up. */
const sending: readonly Crash[] = [
  {
    step: 'before the request to SendGrid leaves',
    hold: ({ sendgrid }) => sendgrid.hold(mailSend, 'before'),
    ...neverSent,
  },
  {
    step: 'after SendGrid accepted, before its answer',
    hold: ({ sendgrid }) => sendgrid.hold(mailSend, 'after'),
    ...sentUnnoticed,
  },
  {
    step: 'before the ledger is written',
    hold: ({ firestore }) => firestore.hold('Commit', 'before', 1),
    ...sentUnnoticed,
  },
  {
    step: 'after the ledger was written, before the answer',
    hold: ({ firestore }) => firestore.hold('Commit', 'after', 1),
    ...noTrace,
  },
];

const crashes: Readonly<Record<FunctionName, readonly Crash[]>> = {
  recordTransaction: [
    {
      step: 'before the commit reaches the store',
      hold: ({ firestore }) => firestore.hold('Commit', 'before'),
      ...noTrace,
    },
    {
      step: 'after the commit, before the answer',
      hold: ({ firestore }) => firestore.hold('Commit', 'after'),
      ...noTrace,
    },
  ],
  targetCustomer: [
    {
      step: 'before the outreach is read',
      hold: ({ firestore }) => firestore.hold('BatchGetDocuments', 'before'),
      ...noTrace,
    },
    {
      step: 'before the claim reaches the store',
      hold: ({ firestore }) => firestore.hold('Commit', 'before'),
      ...noTrace,
    },
    {
      step: 'after the claim, before the answer',
      hold: ({ firestore }) => firestore.hold('Commit', 'after'),
      ...neverSent,
    },
    {
      step: 'before the question to Analytics leaves',
      hold: ({ analytics }) => analytics.hold(analyticsContent, 'before'),
      ...neverSent,
    },
    ...sending,
  ],
  resumeEmails: [
    {
      step: 'before the open emails are read',
      hold: ({ firestore }) => firestore.hold('RunQuery', 'before'),
      ...noTrace,
    },
    {
      step: 'before the decision is taken again',
      hold: ({ firestore }) => firestore.hold('BatchGetDocuments', 'before'),
      ...noTrace,
    },
    {
      step: 'before the email is taken up',
      hold: ({ firestore }) => firestore.hold('Commit', 'before'),
      ...noTrace,
    },
    {
      step: 'after the email was taken up, before the answer',
      hold: ({ firestore }) => firestore.hold('Commit', 'after'),
      ...neverSent,
    },
    ...sending,
  ],
};

for (const webhook of [true, false]) {
  describe(`a crash (${webhook ? 'with' : 'without'} a webhook)`, function () {
    this.timeout(120_000);
    let stack: GatedStack;

    before(async () => {
      stack = await startGatedStack({ DELIVERY_WEBHOOK: `${webhook}`, ANALYTICS_TIMEOUT: '20s' });
    });
    after(() => stack.stop());

    for (const functionName of ['recordTransaction', 'targetCustomer', 'resumeEmails'] as const) {
      // Where the email does not stay open, the webhook makes no difference.
      const rows = crashes[functionName].filter((row) => webhook || row.withWebhook !== row.withoutWebhook);
      for (const crash of rows) {
        it(`of ${functionName} ${crash.step} leads to at most one email`, async () => {
          const scenario = new PurchaseScenario(stack);
          await (functionName === 'resumeEmails'
            ? crashWhileResuming(scenario, crash)
            : crashAfterPurchase(scenario, functionName, crash));
          await scenario.passDays({ webhook });
          await expectOutcome(scenario, webhook ? crash.withWebhook : crash.withoutWebhook);
        });
      }
    }

    async function crashAfterPurchase(
      scenario: PurchaseScenario,
      functionName: FunctionName,
      crash: Crash,
    ): Promise<void> {
      const hold = crash.hold(stack.gates[functionName]);
      await scenario.buy();
      await killAt(functionName, hold);
      await scenario.decided();
    }

    async function crashWhileResuming(scenario: PurchaseScenario, crash: Crash): Promise<void> {
      stack.gates.targetCustomer.sendgrid.answer(mailSend, 'before', 503);
      await scenario.buy();
      await scenario.decided();
      stack.clock.advance(10 * minute);
      const hold = crash.hold(stack.gates.resumeEmails);
      const resumed = scenario.resume();
      await killAt('resumeEmails', hold);
      expect(await resumed).to.equal(false);
      // Pub/Sub delivers the message again.
      expect(await scenario.resume()).to.equal(true);
    }

    async function killAt(functionName: FunctionName, hold: Hold): Promise<void> {
      await hold.reached;
      await stack.process(functionName).kill();
      hold.drop();
      await stack.process(functionName).start();
    }
  });
}

/** The purchase is recorded once, and its email has ended as expected. */
async function expectOutcome(scenario: PurchaseScenario, { sent: times, ...state }: Outcome): Promise<void> {
  expect(await scenario.count('transactions')).to.equal(1);
  expect(await scenario.customer()).to.include({ transactions: 1 });
  expect(await scenario.count('emails')).to.equal(1);
  expect(await scenario.email())
    .to.include(state)
    .and.not.have.property('dueAt');
  expect(await scenario.acceptedCount()).to.equal(times);
}
