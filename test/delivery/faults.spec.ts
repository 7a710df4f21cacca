import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { DeliveryStory } from '../support/delivery-story.ts';
import { startGatedStack, type GatedStack } from '../support/gated-stack.ts';
import { tableBelow, type Row } from '../support/markdown-table.ts';
import { push, type PushedMessage } from '../support/push.ts';
import { purchaseOf } from '../support/purchases.ts';
import { deserted } from '../support/tcp-server.ts';
import { minute } from '../support/transactions.ts';

const tables = readFileSync('docs/operations.md', 'utf8');

/** https://grpc.io/docs/guides/status-codes/ */
const grpc = { deadlineExceeded: 4, aborted: 10, unavailable: 14 } as const;

/** What goes wrong, brought about before or while the buyer buys. */
type Fault = (story: DeliveryStory) => Promise<void>;

describe('faults', function () {
  this.timeout(120_000);
  let stack: GatedStack;

  before(async () => {
    stack = await startGatedStack({
      DELIVERY_WEBHOOK: 'true',
      ANALYTICS_TIMEOUT: '3s',
      SENDGRID_TIMEOUT: '2s',
    });
    // What SendGrid and Analytics do wrong has to arrive as it is: no gate before them.
    await restart('targetCustomer', {});
    await restart('resumeEmails', {});
  });
  after(() => stack.stop());

  async function restart(
    name: 'targetCustomer' | 'resumeEmails',
    env: Record<string, string>,
  ): Promise<void> {
    const { sendgrid, analytics } = stack.services;
    await stack.process(name).kill();
    await stack.process(name).start({ SENDGRID_BASE_URL: sendgrid, ANALYTICS_URL: analytics, ...env });
  }

  async function tell(url: string, what: unknown): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(what) });
    expect(response.status, await response.text()).to.equal(204);
  }

  async function buysAlone(story: DeliveryStory): Promise<void> {
    await story.buy();
    await story.decided();
  }

  /** Tries every row of a table of docs/operations.md. */
  function everyRow(heading: string, firstColumn: string, faults: Record<string, Fault>): void {
    const rows = tableBelow(heading, tables);

    it('has a test for every row, and a row for every test', () => {
      expect(rows.map((row) => row[firstColumn])).to.deep.equal(Object.keys(faults));
    });
    for (const row of rows) {
      it(row[firstColumn] ?? '', async () => {
        const story = new DeliveryStory(stack);
        await faults[row[firstColumn] ?? '']?.(story);
        expect(await story.email()).to.include({ status: row['First'] });
        await story.daysPass(true);
        await expectEnd(story, row);
      });
    }
  }

  async function expectEnd(story: DeliveryStory, row: Row): Promise<void> {
    const email = await story.email();
    expect(email).to.include({ status: row['In the end'] }).and.not.have.property('dueAt');
    if (row['Content'] !== undefined) expect(email).to.include({ contentSource: row['Content'] });
    expect(await story.timesAccepted()).to.equal(Number(row['Sent']));
    expect(await story.customer()).to.include({ transactions: await story.count('transactions') });
    expect(await story.count('emails')).to.equal(1);
  }

  describe('of SendGrid', () => {
    const sendgridDoes = (fault: object): Fault => {
      return async (story) => {
        await tell(`${stack.services.sendgrid}/stand-in/faults`, [fault]);
        await buysAlone(story);
      };
    };
    const resetTime = () => Math.floor(stack.clock.now() / 1000) + 7 * 60;

    everyRow('SendGrid', 'SendGrid …', {
      'answers 400': sendgridDoes({ status: 400 }),
      'answers 401': sendgridDoes({ status: 401 }),
      'answers 403': sendgridDoes({ status: 403 }),
      'answers 413': sendgridDoes({ status: 413 }),
      'answers 429 and says when to try again': async (story) => {
        const reset = resetTime();
        await sendgridDoes({ status: 429, headers: { 'X-RateLimit-Reset': `${reset}` } })(story);
        expect(await story.email()).to.include({ dueAt: reset * 1000 });
      },
      'answers 429': sendgridDoes({ status: 429 }),
      'answers 500': sendgridDoes({ status: 500 }),
      'answers 503': sendgridDoes({ status: 503 }),
      'refuses connections': async (story) => {
        await restart('targetCustomer', { SENDGRID_BASE_URL: await deserted() });
        await buysAlone(story);
        await restart('targetCustomer', {});
      },
      'resets the connection during the request': sendgridDoes({ behaviour: 'reset' }),
      'accepts it, and the connection is lost': sendgridDoes({ behaviour: 'accept-then-reset' }),
      'never answers': sendgridDoes({ behaviour: 'hang' }),
      'answers garbage': sendgridDoes({ behaviour: 'garbage' }),
    });
  });

  describe('of Analytics', () => {
    const analyticsIs = (mode: string): Fault => {
      return async (story) => {
        await tell(`${stack.services.analytics}/stand-in/mode`, { mode, delay: 60_000 });
        await buysAlone(story);
        await tell(`${stack.services.analytics}/stand-in/mode`, { mode: 'normal' });
      };
    };

    everyRow('Analytics', 'Analytics …', {
      'is slow': analyticsIs('slow'),
      'breaks the connection': analyticsIs('down'),
      'answers 500': analyticsIs('error'),
      'answers HTML': analyticsIs('html'),
      'answers a huge body': analyticsIs('huge'),
      'names a template that does not exist': analyticsIs('wrong-template'),
      'leaves out variables': analyticsIs('missing-variables'),
      'sends hostile variables': analyticsIs('hostile'),
    });
  });

  describe('of Firestore', () => {
    const recordingMeets = (status: number, moment: 'before' | 'after' = 'before'): Fault => {
      return (story) => {
        stack.gates.recordTransaction.firestore.answer('Commit', moment, status);
        return buysAlone(story);
      };
    };
    const targetingMeets = (
      rpc: 'BatchGetDocuments' | 'Commit',
      status: number,
      { moment = 'before', skip = 0 }: { moment?: 'before' | 'after'; skip?: number } = {},
    ): Fault => {
      return (story) => {
        stack.gates.targetCustomer.firestore.answer(rpc, moment, status, skip);
        return buysAlone(story);
      };
    };
    const { unavailable, deadlineExceeded, aborted } = grpc;

    everyRow('Firestore', 'Firestore …', {
      'is unavailable while a purchase is recorded': recordingMeets(unavailable),
      'exceeds its deadline while a purchase is recorded': recordingMeets(deadlineExceeded),
      'aborts the recording of a purchase': recordingMeets(aborted),
      'records a purchase and its answer is lost': recordingMeets(deadlineExceeded, 'after'),
      'is unavailable while the outreach is read': targetingMeets('BatchGetDocuments', unavailable),
      'is unavailable while an email is claimed': targetingMeets('Commit', unavailable),
      'exceeds its deadline while an email is claimed': targetingMeets('Commit', deadlineExceeded),
      'aborts the claim of an email': targetingMeets('Commit', aborted),
      'stores the claim and its answer is lost': targetingMeets('Commit', unavailable, { moment: 'after' }),
      'is unavailable while the ledger is written': targetingMeets('Commit', unavailable, { skip: 1 }),
      'exceeds its deadline while the ledger is written': targetingMeets('Commit', deadlineExceeded, {
        skip: 1,
      }),
      'aborts the writing of the ledger': targetingMeets('Commit', aborted, { skip: 1 }),
    });
  });

  describe('of Pub/Sub and Eventarc', () => {
    const messagesOf = ({ buyer }: DeliveryStory): [PushedMessage, PushedMessage] => {
      const now = stack.clock.now();
      const [older, newer] = [purchaseOf(buyer, now - minute), purchaseOf(buyer, now)];
      return [
        { topic: 'transactions', messageId: `${buyer.customerId}-older`, data: older },
        { topic: 'transactions', messageId: `${buyer.customerId}-newer`, data: newer },
      ];
    };
    /** Pushes messages one after the other. */
    const deliver = async (messages: readonly PushedMessage[]) => {
      for (const message of messages)
        expect(await push(stack.process('recordTransaction'), message)).to.equal(204);
    };
    const bothRecorded = async (story: DeliveryStory) => {
      await story.targeted(2);
      await stack.eventarc.idle();
      expect(await story.customer()).to.include({ transactions: 2 });
    };
    const eventsArranged = (arrange: <E>(events: readonly E[]) => E[]): Fault => {
      return async (story) => {
        stack.eventarc.hold();
        await deliver(messagesOf(story));
        stack.eventarc.release(arrange(await stack.eventarc.held(2)));
        await bothRecorded(story);
      };
    };

    everyRow('Pub/Sub and Eventarc', 'When', {
      'Pub/Sub delivers every message twice': async (story) => {
        const messages = messagesOf(story);
        await deliver([...messages, ...messages]);
        await bothRecorded(story);
      },
      'Pub/Sub delivers the messages in reverse order': async (story) => {
        const [older, newer] = messagesOf(story);
        await deliver([newer, older]);
        await bothRecorded(story);
      },
      'Pub/Sub delivers a message again while it is handled': async (story) => {
        const [older, newer] = messagesOf(story);
        const hold = stack.gates.recordTransaction.firestore.hold('Commit', 'before');
        const first = push(stack.process('recordTransaction'), older);
        await hold.reached;
        await deliver([older, newer]);
        hold.release();
        expect(await first).to.equal(204);
        await bothRecorded(story);
      },
      'Eventarc delivers every event twice': eventsArranged((events) => [...events, ...events]),
      'Eventarc delivers the events in reverse order': eventsArranged((events) => events.toReversed()),
      'Eventarc delivers an event again while it is handled': async (story) => {
        stack.eventarc.hold();
        await deliver(messagesOf(story));
        const events = await stack.eventarc.held(2);
        const hold = stack.gates.targetCustomer.firestore.hold('Commit', 'before');
        stack.eventarc.release(events.slice(0, 1));
        await hold.reached;
        stack.eventarc.release(events);
        await story.targeted(1);
        hold.release();
        await bothRecorded(story);
      },
    });
  });
});
