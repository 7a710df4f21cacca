import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Firestore } from '@google-cloud/firestore';
import { expect } from 'chai';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { customerIdOf } from '../../functions/src/domain/identity.ts';
import { startSendgridStandIn, type SendgridStandIn } from '../../local/stand-ins/sendgrid/stand-in.ts';
import { functionsEnvironment, randomKeys } from '../../local/stack/environment.ts';
import { LOCAL_HASH_KEY } from '../../operations/target/local-stack.ts';
import { customer } from '../support/customers.ts';
import { documentEvent } from '../support/document-events.ts';
import { emulators } from '../support/emulators.ts';
import { day, transactionMessage } from '../support/transactions.ts';

/** The functions as they are deployed: loaded by their entry file and called by the framework over HTTP. */
describe('the deployed functions', () => {
  let environment: NodeJS.ProcessEnv;
  let sendgrid: SendgridStandIn;
  let firestore: Firestore;
  const servers: Server[] = [];

  before(async function () {
    this.timeout(60_000);
    environment = { ...process.env };
    const { env } = await emulators();
    const keys = randomKeys();
    sendgrid = await startSendgridStandIn({ apiKey: keys.sendgridApiKey });
    const configuration = functionsEnvironment(keys, { sendgrid: sendgrid.url, analytics: '' });
    Object.assign(process.env, env, configuration, { GOOGLE_CLOUD_PROJECT: 'demo-functions' });
    firestore = new Firestore({ projectId: 'demo-functions' });
    await import('../../functions/src/index.ts');
  });
  after(async () => {
    for (const server of servers) server.close();
    await firestore.terminate();
    await sendgrid.close();
    process.env = environment;
  });

  async function serve(functionName: string): Promise<string> {
    const server = getTestServer(functionName).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Posts what a push subscription posts. @returns the status of the answer. */
  async function push(url: string, topic: string, data: unknown, attributes = {}): Promise<number> {
    pushes += 1;
    const encoded = Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)).toString('base64');
    const publishTime = new Date().toISOString();
    const response = await fetch(`${url}/projects/demo-functions/topics/${topic}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        message: { messageId: `${pushes}`, publishTime, data: encoded, attributes },
        subscription: `projects/demo-functions/subscriptions/${topic}`,
      }),
    });
    return response.status;
  }
  let pushes = 0;
  const annId = customerIdOf('ann.lee@example.com', LOCAL_HASH_KEY);
  const document = async (path: string) => (await firestore.doc(path).get()).data();

  it('record a purchase that a push subscription delivers, and quarantine what is not JSON', async () => {
    const url = await serve('recordTransaction');
    const recent = transactionMessage({ occurredAt: new Date().toISOString() });
    expect(await push(url, 'transactions', recent)).to.equal(204);
    expect(await document(`customers/${annId}`)).to.include({
      transactions: 1,
      email: 'ann.lee@example.com',
    });

    expect(await push(url, 'transactions', 'no JSON')).to.equal(204);
    const kept = await firestore.collection('quarantine').get();
    expect(kept.docs.map((found) => found.get('topic') as unknown)).to.deep.equal(['transactions']);
  });

  it('ask for another delivery while their configuration has faults, and work once it is correct', async () => {
    const url = await serve('recordEngagement');
    const signUp = {
      eventId: 'event-1',
      type: 'signed-up',
      occurredAt: new Date(Date.now() - 5 * day).toISOString(),
      customer: { email: 'ann.lee@example.com' },
    };
    process.env['HASH_KEY'] = 'too short';
    expect(await push(url, 'engagements', signUp)).to.equal(500);
    process.env['HASH_KEY'] = LOCAL_HASH_KEY;
    expect(await push(url, 'engagements', signUp)).to.equal(204);
    expect(await document(`customers/${annId}`))
      .to.have.property('signedUpAt')
      .that.is.a('number');
  });

  it('send the emails that are due on a message of Cloud Scheduler', async () => {
    expect(await push(await serve('resumeEmails'), 'resume-emails', 'due')).to.equal(204);
    expect(await document(`emails/${annId}~1`)).to.include({ status: 'accepted', template: 'first-steps' });
  });

  for (const [functionName, topic] of [
    ['quarantineDeadLetter', 'transactions'],
    ['quarantineDeadEngagement', 'engagements'],
  ] as const) {
    it(`quarantine the dead letters of ${topic}`, async () => {
      const attributes = { vendor: 'acme', CloudPubSubDeadLetterSourceDeliveryCount: '20' };
      const url = await serve(functionName);
      expect(await push(url, `${topic}-dead-letters`, transactionMessage(), attributes)).to.equal(204);
      const exhausted = firestore
        .collection('quarantine')
        .where('reason', '==', 'delivery-attempts-exhausted');
      const [kept] = (await exhausted.where('topic', '==', topic).get()).docs;
      expect(kept?.get('attributes')).to.deep.equal([{ name: 'vendor', value: 'acme' }]);
    });
  }

  it('email the customer in an event of Firestore through SendGrid', async () => {
    const url = await serve('targetCustomer');
    const { customerId, ...fields } = customer({ lastTransactionAt: Date.now() });
    const report = (body: Buffer) =>
      fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/protobuf',
          'ce-specversion': '1.0',
          'ce-id': 'event-1',
          'ce-type': 'google.cloud.firestore.document.v1.written',
          'ce-source': '//firestore.googleapis.com/projects/demo-functions/databases/(default)',
          'ce-subject': `documents/customers/${customerId}`,
          'ce-traceparent': '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        },
        body: new Uint8Array(body),
      });
    expect((await report(documentEvent(customerId, fields))).status).to.equal(204);
    expect((await firestore.doc(`emails/${customerId}~1`).get()).data()).to.include({ status: 'accepted' });
    const accepted = (await (await fetch(`${sendgrid.url}/stand-in/accepted`)).json()) as {
      emailIds: string[];
    };
    expect(accepted.emailIds).to.include(`${customerId}~1`);

    expect((await report(documentEvent(customerId, undefined, fields))).status, 'a deletion').to.equal(204);
    expect((await report(Buffer.from('garbage'))).status, 'an unreadable event').to.equal(204);
  });
});
