import { once } from 'node:events';
import { PubSub, type Message, type Subscription } from '@google-cloud/pubsub';
import { expect } from 'chai';
import { firestoreQuarantine } from '../../functions/src/adapters/firestore/quarantine.ts';
import type { MessageFault } from '../../functions/src/domain/quarantine.ts';
import type { PublishedMessage } from '../../functions/src/domain/published-message.ts';
import { decodeDeadLetter } from '../../functions/src/messages/dead-letter.ts';
import { createQuarantineMessage } from '../../functions/src/usecases/quarantine-message.ts';
import { runCommand, type CommandResult } from '../support/commands.ts';
import { emulators, firestoreForEachTest } from '../support/emulators.ts';
import { recordingLog } from '../support/log.ts';
import { publishedMessage } from '../support/messages.ts';
import { day, minute, now, transactionMessage } from '../support/transactions.ts';

const invalid: MessageFault = {
  reason: 'invalid-transaction',
  details: ['source: is none', 'total: is none'],
};

describe('the quarantine', function () {
  this.timeout(60_000);
  const test = firestoreForEachTest();
  let clock: number;

  beforeEach(() => {
    clock = now;
  });

  const quarantine = () => firestoreQuarantine(test.firestore, 90 * day, () => clock);
  const entries = async () => (await test.firestore.collection('quarantine').get()).docs;

  /** Keeps a message, a minute after the one before. @returns its ID in quarantine. */
  async function keep(message: PublishedMessage, fault = invalid): Promise<string> {
    clock += minute;
    const before = new Set((await entries()).map(({ id }) => id));
    await quarantine().keep(message, fault);
    return (await entries()).map(({ id }) => id).find((id) => !before.has(id)) ?? '';
  }

  describe('of dead letters', () => {
    const original = publishedMessage(transactionMessage());
    const letter: PublishedMessage = {
      ...original,
      topic: 'transactions-dead-letters',
      attributes: { ...original.attributes, CloudPubSubDeadLetterSourceDeliveryCount: '20' },
    };

    async function quarantineLetter(recorded = recordingLog()): Promise<void> {
      const decoded = decodeDeadLetter(letter);
      if ('fault' in decoded) throw new Error('Every message is a dead letter.');
      const quarantine = firestoreQuarantine(test.firestore, 90 * day, () => clock, 'transactions');
      const quarantineMessage = createQuarantineMessage({ quarantine, log: recorded.log });
      await quarantineMessage(decoded.value.message, decoded.value.fault);
    }

    it('keeps the message once, as it was published, with its source topic', async () => {
      const recorded = recordingLog();
      await quarantineLetter(recorded);
      await quarantineLetter(recorded);
      const kept = await entries();
      expect(kept).to.have.length(1);
      expect(kept[0]?.data()).to.deep.include({
        topic: 'transactions',
        messageId: letter.messageId,
        attributes: [{ name: 'vendor', value: 'acme' }],
        data: original.data,
        size: original.data.length,
        truncated: false,
        reason: 'delivery-attempts-exhausted',
      });
      expect(recorded.lines[0]).to.include({
        event: 'message-quarantined',
        reason: 'delivery-attempts-exhausted',
      });
      expect(JSON.stringify(recorded.lines)).to.not.match(/ann|lee|acme/i);
    });

    it('does not confuse a dead letter with a message of the source topic that has the same ID', async () => {
      await keep(original);
      await quarantineLetter();
      expect(await entries()).to.have.length(2);
    });
  });

  describe('on the command line', () => {
    let pubsub: PubSub;
    let subscription: Subscription;
    const replayed: Message[] = [];

    beforeEach(async () => {
      const { env } = await emulators();
      pubsub = new PubSub({
        projectId: test.projectId,
        apiEndpoint: env['PUBSUB_EMULATOR_HOST'] ?? '',
        emulatorMode: true,
      });
      const [topic] = await pubsub.createTopic('transactions');
      [subscription] = await topic.createSubscription('test');
      replayed.splice(0);
      subscription.on('message', (message: Message) => {
        message.ack();
        replayed.push(message);
      });
    });
    afterEach(async () => {
      await subscription.close();
      await pubsub.close();
    });

    async function run(...args: string[]): Promise<CommandResult> {
      const { env } = await emulators();
      return runCommand('operations/quarantine.ts', [...args, '--project', test.projectId], env);
    }
    async function replays(count: number): Promise<Message[]> {
      while (replayed.length < count) await once(subscription, 'message');
      return replayed;
    }

    it('lists the messages, the newest first, without their content', async () => {
      const older = await keep(publishedMessage(transactionMessage()));
      const newer = await keep(publishedMessage(Buffer.from('{')), {
        reason: 'invalid-json',
        details: ['the message data is not JSON'],
      });
      const { exitCode, stdout, stderr } = await run('list');
      expect(exitCode).to.equal(0);
      const lines = stdout.trimEnd().split('\n');
      expect(lines[0]).to.match(
        new RegExp(`^${newer}  2026-05-01T12:02:00Z  invalid-json +transactions +1 B`, 'u'),
      );
      expect(lines[1]).to.match(new RegExp(`^${older} .* source: is none \\(and 1 more\\)$`, 'u'));
      expect(stderr).to.include('2 of 2 messages');
      expect(stdout).to.not.match(/ann|lee|acme/i);

      const json = await run('list', '--json', '--reason', 'invalid-json', '--limit', '1');
      expect(JSON.parse(json.stdout)).to.deep.equal([
        {
          id: newer,
          receivedAt: '2026-05-01T12:02:00.000Z',
          reason: 'invalid-json',
          topic: 'transactions',
          size: 1,
          details: ['the message data is not JSON'],
        },
      ]);
    });

    it('shows the content of a message only on request', async () => {
      const id = await keep(publishedMessage({ ...transactionMessage(), note: '\u001b[2J' }));
      const discreet = await run('show', id);
      expect(discreet).to.include({ exitCode: 0 });
      expect(discreet.stdout).to.include(id).and.include('vendor').and.include('total: is none');
      expect(discreet.stdout).to.not.match(/ann|lee|acme/i);

      const { stdout } = await run('show', id, '--show-personal-data');
      expect(stdout).to.include('vendor: acme').and.include('Ann.Lee@Example.com');
      expect(stdout).to.not.include('\u001b');
    });

    it('replays a message to its source topic and removes it', async () => {
      const message = publishedMessage(transactionMessage());
      const withReserved = {
        ...message,
        attributes: { vendor: 'acme', googclient_traceparent: '00-1-1-01' },
      };
      const id = await keep(withReserved);
      const { exitCode, stdout } = await run('replay', id);
      expect(exitCode).to.equal(0);
      const [published] = await replays(1);
      expect(published?.data).to.deep.equal(message.data);
      expect(published?.attributes).to.deep.equal({ vendor: 'acme' });
      expect(stdout).to.include(`${id} replayed as message ${published?.id ?? ''}`);
      expect(await entries()).to.be.empty;
    });

    it('replays all messages with one reason, and keeps those it cannot replay', async () => {
      const exhausted: MessageFault = { reason: 'delivery-attempts-exhausted', details: ['in vain'] };
      const other = await keep(publishedMessage('other'));
      const large = await keep(publishedMessage(Buffer.alloc(1_000_001, ' ')), exhausted);
      for (let count = 0; count < 12; count += 1) await keep(publishedMessage({ count }), exhausted);
      const { exitCode, stderr } = await run('replay', '--all', '--reason', 'delivery-attempts-exhausted');
      expect(exitCode).to.equal(1);
      expect(stderr).to.match(
        new RegExp(`${large} stays: only the first 999\\d{3} of its 1000001 bytes were kept`, 'u'),
      );
      expect(stderr).to.include('12 messages replayed, 1 not.');
      expect(await replays(12)).to.have.length(12);
      expect((await entries()).map(({ id }) => id)).to.have.members([other, large]);
    });

    it('keeps a message whose topic does not exist', async () => {
      const id = await keep({ ...publishedMessage(transactionMessage()), topic: 'no-such-topic' });
      const { exitCode, stderr } = await run('replay', id);
      expect(exitCode).to.equal(1);
      expect(stderr).to.include(`${id} stays: There is no topic no-such-topic there.`);
      expect(await entries()).to.have.length(1);
    });

    it('discards only with --yes', async () => {
      const [one, two] = [await keep(publishedMessage('one')), await keep(publishedMessage('two'))];
      const unasked = await run('discard', one);
      expect(unasked).to.include({ exitCode: 1 });
      expect(unasked.stderr).to.include('Discard 1 message of').and.include('add --yes');
      expect(await entries()).to.have.length(2);

      expect(await run('discard', one, '--yes')).to.include({ exitCode: 0 });
      expect((await entries()).map(({ id }) => id)).to.deep.equal([two]);
      const gone = await run('discard', one, '--yes');
      expect(gone).to.include({ exitCode: 1 });
      expect(gone.stderr).to.include(`${one} stays: there is no such message in quarantine`);
      expect(await run('discard', '--all', '--yes')).to.include({ exitCode: 0 });
      expect(await entries()).to.be.empty;
    });

    it('explains each wrong use', async () => {
      const misuses: [args: string[], says: string][] = [
        [[], 'Say what to do'],
        [['show'], 'Name one message'],
        [['replay'], 'Name the messages to replay, or --all'],
        [['discard', 'x', '--all'], 'Name the messages to discard, or --all'],
        [['list', '--limit', '0'], '--limit takes a number'],
      ];
      await Promise.all(
        misuses.map(async ([args, says]) => {
          const { exitCode, stderr } = await run(...args);
          expect(exitCode).to.equal(1);
          expect(stderr).to.include(says);
        }),
      );
    });

    it('reports a message that does not exist', async () => {
      const { exitCode, stderr } = await run('show', 'unknown');
      expect(exitCode).to.equal(1);
      expect(stderr).to.include('There is no message unknown in the quarantine of');
    });
  });
});
