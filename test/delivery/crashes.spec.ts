import { expect } from 'chai';
import { DeliveryStory } from '../support/delivery-story.ts';
import {
  contentQuestion,
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

/** A step boundary at which a process is killed, and how the email ends that was at stake. */
interface Crash {
  readonly step: string;
  readonly hold: (gates: Gates) => Hold;
  /** Where SendGrid's webhook is set up, and tells what happened. */
  readonly withWebhook: Outcome;
  readonly withoutWebhook: Outcome;
}

const sent: Outcome = { status: 'accepted', sent: 1 };
const givenUp = (times: number): Outcome => ({ status: 'rejected', reason: 'outcome-unknown', sent: times });

/** The event comes again, and nothing has happened yet. */
const asIfNothingWas = { withWebhook: sent, withoutWebhook: sent };
/** Nobody knows whether it was sent. It was not: the webhook's silence tells. */
const neverSent = { withWebhook: sent, withoutWebhook: givenUp(0) };
/** Nobody knows whether it was sent. It was: the webhook tells. */
const sentUnnoticed = { withWebhook: sent, withoutWebhook: givenUp(1) };

/** The steps that any email goes through once somebody has it in hand. */
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
    ...asIfNothingWas,
  },
];

const crashes: Readonly<Record<FunctionName, readonly Crash[]>> = {
  recordTransaction: [
    {
      step: 'before the commit reaches the store',
      hold: ({ firestore }) => firestore.hold('Commit', 'before'),
      ...asIfNothingWas,
    },
    {
      step: 'after the commit, before the answer',
      hold: ({ firestore }) => firestore.hold('Commit', 'after'),
      ...asIfNothingWas,
    },
  ],
  targetCustomer: [
    {
      step: 'before the outreach is read',
      hold: ({ firestore }) => firestore.hold('BatchGetDocuments', 'before'),
      ...asIfNothingWas,
    },
    {
      step: 'before the claim reaches the store',
      hold: ({ firestore }) => firestore.hold('Commit', 'before'),
      ...asIfNothingWas,
    },
    {
      step: 'after the claim, before the answer',
      hold: ({ firestore }) => firestore.hold('Commit', 'after'),
      ...neverSent,
    },
    {
      step: 'while Analytics is asked',
      hold: ({ analytics }) => analytics.hold(contentQuestion, 'before'),
      ...neverSent,
    },
    ...sending,
  ],
  resumeEmails: [
    {
      step: 'before the open emails are read',
      hold: ({ firestore }) => firestore.hold('RunQuery', 'before'),
      ...asIfNothingWas,
    },
    {
      step: 'before the decision is taken again',
      hold: ({ firestore }) => firestore.hold('BatchGetDocuments', 'before'),
      ...asIfNothingWas,
    },
    {
      step: 'before the email is taken up',
      hold: ({ firestore }) => firestore.hold('Commit', 'before'),
      ...asIfNothingWas,
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
  describe(`crashes, ${webhook ? 'with' : 'without'} a webhook`, function () {
    this.timeout(120_000);
    let stack: GatedStack;

    before(async () => {
      stack = await startGatedStack({ DELIVERY_WEBHOOK: `${webhook}`, ANALYTICS_TIMEOUT: '20s' });
    });
    after(() => stack.stop());

    for (const functionName of ['recordTransaction', 'targetCustomer', 'resumeEmails'] as const) {
      // Where the email is not left open, nobody asks for the webhook.
      const rows = crashes[functionName].filter((row) => webhook || row.withWebhook !== row.withoutWebhook);
      for (const crash of rows) {
        it(`${functionName}, ${crash.step}`, async () => {
          const story = new DeliveryStory(stack);
          await (functionName === 'resumeEmails'
            ? resumingDies(story, crash)
            : buyingDies(story, functionName, crash));
          await story.daysPass(webhook);
          await expectOnce(story, webhook ? crash.withWebhook : crash.withoutWebhook);
        });
      }
    }

    async function buyingDies(story: DeliveryStory, functionName: FunctionName, crash: Crash): Promise<void> {
      const hold = crash.hold(stack.gates[functionName]);
      await story.buy();
      await killAt(functionName, hold);
      await story.decided();
    }

    async function resumingDies(story: DeliveryStory, crash: Crash): Promise<void> {
      stack.gates.targetCustomer.sendgrid.answer(mailSend, 'before', 503);
      await story.buy();
      await story.decided();
      stack.clock.advance(10 * minute);
      const hold = crash.hold(stack.gates.resumeEmails);
      const resumed = story.resume();
      await killAt('resumeEmails', hold);
      expect(await resumed).to.equal(false);
      // Pub/Sub delivers the message again.
      expect(await story.resume()).to.equal(true);
    }

    async function killAt(functionName: FunctionName, hold: Hold): Promise<void> {
      await hold.reached;
      await stack.process(functionName).kill();
      hold.drop();
      await stack.process(functionName).start();
    }
  });
}

/** Every purchase is recorded once, and every intent has ended, with at most one email. */
async function expectOnce(story: DeliveryStory, { sent: times, ...state }: Outcome): Promise<void> {
  expect(await story.count('transactions')).to.equal(1);
  expect(await story.customer()).to.include({ transactions: 1 });
  expect(await story.count('emails')).to.equal(1);
  expect(await story.email())
    .to.include(state)
    .and.not.have.property('dueAt');
  expect(await story.timesAccepted()).to.equal(times);
}
