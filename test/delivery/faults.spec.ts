import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { PurchaseScenario } from '../support/purchase-scenario.ts';
import { startGatedStack, type GatedStack } from '../support/gated-stack.ts';
import { tableBelow, type Row } from '../support/markdown-table.ts';
import { push, type PushedMessage } from '../support/push.ts';
import { purchaseOf } from '../support/purchases.ts';
import { unusedUrl } from '../support/tcp-server.ts';
import { minute } from '../support/transactions.ts';

const tables = readFileSync('docs/operations.md', 'utf8');

/** https://grpc.io/docs/guides/status-codes/ */
const grpc = { deadlineExceeded: 4, aborted: 10, unavailable: 14 } as const;

/** Causes a fault before or during a purchase. */
type Fault = (scenario: PurchaseScenario) => Promise<void>;

describe('a fault', function () {
  this.timeout(120_000);
  let stack: GatedStack;

  before(async () => {
    stack = await startGatedStack({
      DELIVERY_WEBHOOK: 'true',
      ANALYTICS_TIMEOUT: '3s',
      SENDGRID_TIMEOUT: '2s',
    });
    // The faults of SendGrid and Analytics must arrive unchanged, so no gate stands before them.
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

  async function put(url: string, body: unknown): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect(response.status, await response.text()).to.equal(204);
  }

  async function buy(scenario: PurchaseScenario): Promise<void> {
    await scenario.buy();
    await scenario.decided();
  }

  /** Tests every row of a table in docs/operations.md. */
  function testRows(heading: string, firstColumn: string, faults: Record<string, Fault>): void {
    const rows = tableBelow(heading, tables);

    it('has a test for every row of the table, and a row for every test', () => {
      expect(rows.map((row) => row[firstColumn])).to.deep.equal(Object.keys(faults));
    });
    for (const row of rows) {
      it(row[firstColumn] ?? '', async () => {
        const scenario = new PurchaseScenario(stack);
        await faults[row[firstColumn] ?? '']?.(scenario);
        expect(await scenario.email()).to.include({ status: row['First'] });
        await scenario.passDays({ webhook: true });
        await expectEnd(scenario, row);
      });
    }
  }

  async function expectEnd(scenario: PurchaseScenario, row: Row): Promise<void> {
    const email = await scenario.email();
    expect(email).to.include({ status: row['In the end'] }).and.not.have.property('dueAt');
    if (row['Content'] !== undefined) expect(email).to.include({ contentSource: row['Content'] });
    expect(await scenario.acceptedCount()).to.equal(Number(row['Sent']));
    expect(await scenario.customer()).to.include({ transactions: await scenario.count('transactions') });
    expect(await scenario.count('emails')).to.equal(1);
  }

  describe('of SendGrid', () => {
    const sendgridDoes = (fault: object): Fault => {
      return async (scenario) => {
        await put(`${stack.services.sendgrid}/stand-in/faults`, [fault]);
        await buy(scenario);
      };
    };
    const resetTime = () => Math.floor(stack.clock.now() / 1000) + 7 * 60;

    testRows('SendGrid', 'SendGrid …', {
      'answers 400': sendgridDoes({ status: 400 }),
      'answers 401': sendgridDoes({ status: 401 }),
      'answers 403': sendgridDoes({ status: 403 }),
      'answers 413': sendgridDoes({ status: 413 }),
      'answers 429 and says when to try again': async (scenario) => {
        const reset = resetTime();
        await sendgridDoes({ status: 429, headers: { 'X-RateLimit-Reset': `${reset}` } })(scenario);
        expect(await scenario.email()).to.include({ dueAt: reset * 1000 });
      },
      'answers 429': sendgridDoes({ status: 429 }),
      'answers 500': sendgridDoes({ status: 500 }),
      'answers 503': sendgridDoes({ status: 503 }),
      'refuses connections': async (scenario) => {
        await restart('targetCustomer', { SENDGRID_BASE_URL: await unusedUrl() });
        await buy(scenario);
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
      return async (scenario) => {
        await put(`${stack.services.analytics}/stand-in/mode`, { mode, delay: 60_000 });
        await buy(scenario);
        await put(`${stack.services.analytics}/stand-in/mode`, { mode: 'normal' });
      };
    };

    testRows('Analytics', 'Analytics …', {
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
    const recordingGets = (status: number, moment: 'before' | 'after' = 'before'): Fault => {
      return (scenario) => {
        stack.gates.recordTransaction.firestore.answer('Commit', moment, status);
        return buy(scenario);
      };
    };
    const targetingGets = (
      rpc: 'BatchGetDocuments' | 'Commit',
      status: number,
      { moment = 'before', skip = 0 }: { moment?: 'before' | 'after'; skip?: number } = {},
    ): Fault => {
      return (scenario) => {
        stack.gates.targetCustomer.firestore.answer(rpc, moment, status, skip);
        return buy(scenario);
      };
    };
    const { unavailable, deadlineExceeded, aborted } = grpc;

    testRows('Firestore', 'Firestore …', {
      'is unavailable while a purchase is recorded': recordingGets(unavailable),
      'exceeds its deadline while a purchase is recorded': recordingGets(deadlineExceeded),
      'aborts the recording of a purchase': recordingGets(aborted),
      'records a purchase and its answer is lost': recordingGets(deadlineExceeded, 'after'),
      'is unavailable while the outreach is read': targetingGets('BatchGetDocuments', unavailable),
      'is unavailable while an email is claimed': targetingGets('Commit', unavailable),
      'exceeds its deadline while an email is claimed': targetingGets('Commit', deadlineExceeded),
      'aborts the claim of an email': targetingGets('Commit', aborted),
      'stores the claim and its answer is lost': targetingGets('Commit', unavailable, { moment: 'after' }),
      'is unavailable while the ledger is written': targetingGets('Commit', unavailable, { skip: 1 }),
      'exceeds its deadline while the ledger is written': targetingGets('Commit', deadlineExceeded, {
        skip: 1,
      }),
      'aborts the writing of the ledger': targetingGets('Commit', aborted, { skip: 1 }),
    });
  });

  describe('of Pub/Sub or Eventarc', () => {
    const messagesOf = ({ buyer }: PurchaseScenario): [PushedMessage, PushedMessage] => {
      const now = stack.clock.now();
      const [older, newer] = [purchaseOf(buyer, now - minute), purchaseOf(buyer, now)];
      return [
        { topic: 'transactions', messageId: `${buyer.customerId}-older`, data: older },
        { topic: 'transactions', messageId: `${buyer.customerId}-newer`, data: newer },
      ];
    };
    /** Pushes messages in this order. */
    const deliver = async (messages: readonly PushedMessage[]) => {
      for (const message of messages)
        expect(await push(stack.process('recordTransaction'), message)).to.equal(204);
    };
    const bothRecorded = async (scenario: PurchaseScenario) => {
      await scenario.targeted(2);
      await stack.eventarc.idle();
      expect(await scenario.customer()).to.include({ transactions: 2 });
    };
    const eventsArranged = (arrange: <E>(events: readonly E[]) => E[]): Fault => {
      return async (scenario) => {
        stack.eventarc.hold();
        await deliver(messagesOf(scenario));
        stack.eventarc.release(arrange(await stack.eventarc.held(2)));
        await bothRecorded(scenario);
      };
    };

    testRows('Pub/Sub and Eventarc', 'When', {
      'Pub/Sub delivers every message twice': async (scenario) => {
        const messages = messagesOf(scenario);
        await deliver([...messages, ...messages]);
        await bothRecorded(scenario);
      },
      'Pub/Sub delivers the messages in reverse order': async (scenario) => {
        const [older, newer] = messagesOf(scenario);
        await deliver([newer, older]);
        await bothRecorded(scenario);
      },
      'Pub/Sub delivers a message again while it is handled': async (scenario) => {
        const [older, newer] = messagesOf(scenario);
        const hold = stack.gates.recordTransaction.firestore.hold('Commit', 'before');
        const first = push(stack.process('recordTransaction'), older);
        await hold.reached;
        await deliver([older, newer]);
        hold.release();
        expect(await first).to.equal(204);
        await bothRecorded(scenario);
      },
      'Eventarc delivers every event twice': eventsArranged((events) => [...events, ...events]),
      'Eventarc delivers the events in reverse order': eventsArranged((events) => events.toReversed()),
      'Eventarc delivers an event again while it is handled': async (scenario) => {
        stack.eventarc.hold();
        await deliver(messagesOf(scenario));
        const events = await stack.eventarc.held(2);
        const hold = stack.gates.targetCustomer.firestore.hold('Commit', 'before');
        stack.eventarc.release(events.slice(0, 1));
        await hold.reached;
        stack.eventarc.release(events);
        await scenario.targeted(1);
        hold.release();
        await bothRecorded(scenario);
      },
    });
  });
});
