import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Firestore } from '@google-cloud/firestore';
import { PubSub, type Message } from '@google-cloud/pubsub';
import { expect } from 'chai';
import { firestoreTransactions } from '../../functions/src/adapters/firestore/transactions.ts';
import { transactionRecord } from '../../functions/src/domain/transaction-record.ts';
import { decodeEngagement } from '../../functions/src/messages/engagement.ts';
import { decodeTransaction } from '../../functions/src/messages/transaction.ts';
import { LOCAL_HASH_KEY } from '../../operations/target/local-stack.ts';
import { runCommand } from '../support/commands.ts';
import { emulators } from '../support/emulators.ts';
import { day, transaction } from '../support/transactions.ts';

const address = 'ann.lee@example.com';

describe('the commands about customers', function () {
  this.timeout(60_000);
  let env: Record<string, string>;
  let project: string;
  let firestore: Firestore;

  beforeEach(async () => {
    ({ env } = await emulators());
    project = `demo-${randomUUID()}`;
    const host = env['FIRESTORE_EMULATOR_HOST'] ?? '';
    firestore = new Firestore({ projectId: project, host, ssl: false, ignoreUndefinedProperties: true });
    const policy = { hashKey: LOCAL_HASH_KEY, controlGroupShare: 0, transactionRetention: 730 * day };
    await firestoreTransactions(firestore).record(transactionRecord(transaction(), policy, Date.now()));
  });
  afterEach(() => firestore.terminate());

  const run = (command: string, ...args: string[]) =>
    runCommand(`operations/${command}.ts`, [...args, '--project', project], env);
  const count = async (collection: string) =>
    (await firestore.collection(collection).count().get()).data().count;

  describe('npm run customer', () => {
    it('shows, explains and exports', async () => {
      const [shown, asJson, explained, exported] = await Promise.all([
        run('customer', 'show', ' Ann.Lee@Example.com'),
        run('customer', 'show', address, '--json'),
        run('customer', 'explain', address),
        run('customer', 'export', address),
      ]);
      expect(shown.stdout).to.match(/Address +ann\.lee@example\.com/u);
      expect(JSON.parse(asJson.stdout)).to.have.deep.property('transactionsByPlace', { 'fridge-12': 1 });
      expect(explained.stdout).to.match(/^No email now: .*\nThe next purchase earns one\.\n$/u);
      expect(explained.stderr).to.include('7 days between two emails, 4 emails in all');
      expect(JSON.parse(exported.stdout)).to.have.nested.property('customer.email', address);
    });

    it('explains that an email waits because all sending is paused', async () => {
      const { docs } = await firestore.collection('customers').get();
      const email = {
        customerId: docs[0]?.id,
        sequence: 1,
        status: 'deferred',
        reason: 'sending-paused',
        dueAt: 1,
      };
      await firestore.collection('emails').add(email);
      await run('pause', 'on', '--why', 'complaints');
      const { stdout } = await run('customer', 'explain', address);
      expect(stdout).to.match(
        /^All sending has been paused since .* \(complaints\): .*\nEmail 1 waits: it leaves /u,
      );
    });

    it('erases with --yes, and without it only says what it would erase', async () => {
      const asked = await run('customer', 'erase', address);
      expect(asked).to.include({ exitCode: 1, stdout: '' });
      expect(asked.stderr).to.include('1 customer document').and.include('add --yes');
      expect(await count('customers')).to.equal(1);

      const { exitCode, stdout } = await run('customer', 'erase', address, '--yes', '--json');
      expect(exitCode).to.equal(0);
      const erased = { customers: 1, quarantined: 0, emails: 0, transactions: 1 };
      expect(JSON.parse(stdout)).to.include(erased);
      expect([await count('customers'), await count('outreach')]).to.deep.equal([0, 1]);

      const again = await run('customer', 'erase', address);
      expect(again).to.include({ exitCode: 0, stderr: '' });
      expect(again.stdout).to.match(/^Erased already, at .*: only the suppression is stored in /u);
    });

    it('says that a stranger is not known, and leaves a suppression only when asked to', async () => {
      const stranger = 'stranger@example.com';
      const shown = await run('customer', 'show', stranger);
      expect(shown.stdout).to.match(/^Not known: nothing is stored about this address in project demo-/u);
      const exported = await run('customer', 'export', stranger);
      expect(exported.stderr).to.match(/^Not known: /u);

      const asked = await run('customer', 'erase', stranger);
      expect(asked).to.include({ exitCode: 1, stdout: '' });
      expect(asked.stderr).to.match(/^Not known: .*\nLeave a suppression, .* add --yes/u);
      expect(await count('outreach')).to.equal(0);

      const erased = await run('customer', 'erase', stranger, '--yes');
      expect(erased).to.include({ exitCode: 0, stdout: 'There was nothing to erase.\n' });
      expect(await count('outreach')).to.equal(1);
    });

    it('names no customer in an error', async () => {
      const wrongKey = { ...env, HASH_KEY: 'another key that is long enough to be one' };
      const args = ['erase', address, '--yes', '--project', project];
      const { exitCode, stderr } = await runCommand('operations/customer.ts', args, wrongKey);
      expect(exitCode).to.equal(1);
      expect(stderr).to.include('HASH_KEY is not the key').and.not.include('ann');
      expect(await count('customers')).to.equal(1);
    });

    for (const [what, args] of [
      ['gets an unknown command', ['forget', address]],
      ['gets no address', ['show']],
      ['gets two addresses', ['show', address, 'bob@example.com']],
      ['gets something other than an address', ['show', 'ann']],
    ] as const) {
      it(`shows its usage when it ${what}`, async () => {
        const { exitCode, stderr } = await run('customer', ...args);
        expect(exitCode).to.equal(1);
        expect(stderr).to.include('npm run customer -- show|explain EMAIL');
      });
    }
  });

  it('npm run lift says that there is no control group to compare with', async () => {
    const [inWords, asJson] = await Promise.all([run('lift'), run('lift', '--json')]);
    expect(inWords.stdout).to.include('no customer of this period is in the control group');
    expect(JSON.parse(asJson.stdout)).to.have.nested.property('lift.verdict', 'no-control-group');
    expect(await run('lift', '--from', 'May')).to.have.property('exitCode', 1);
  });

  describe('that publish messages', () => {
    /** The data of the message that the command publishes to the topic. */
    async function published(topicName: string, command: () => Promise<unknown>): Promise<Buffer> {
      const apiEndpoint = env['PUBSUB_EMULATOR_HOST'] ?? '';
      const pubsub = new PubSub({ projectId: project, apiEndpoint, emulatorMode: true });
      try {
        const [topic] = await pubsub.createTopic(topicName);
        const [subscription] = await topic.createSubscription('test');
        const arrival = once(subscription, 'message') as Promise<[Message]>;
        await command();
        const [message] = await arrival;
        message.ack();
        await subscription.close();
        return message.data;
      } finally {
        await pubsub.close();
      }
    }

    it('npm run buy publishes a purchase', async () => {
      const data = await published('transactions', () => run('buy', address, '--item', 'Lentil Soup'));
      const decoded = decodeTransaction(data, Date.now());
      expect(decoded).to.have.nested.property('value.buyer.email', address);
      expect(decoded).to.have.nested.property('value.items[0].name', 'Lentil Soup');
    });

    it('npm run engage publishes an engagement', async () => {
      const engage = () => run('engage', address, '--type', 'resource-viewed');
      const decoded = decodeEngagement(await published('engagements', engage), Date.now());
      expect(decoded).to.have.nested.property('value.type', 'resource-viewed');
      expect(decoded).to.have.nested.property('value.email', address);
    });

    it('refuse a message that breaks the contract', async () => {
      const { exitCode, stderr } = await run('engage', address, '--type', 'left');
      expect(exitCode).to.equal(1);
      expect(stderr).to.match(/^type: /u);
    });
  });
});
