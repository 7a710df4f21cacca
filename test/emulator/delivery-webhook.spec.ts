import { createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { expect } from 'chai';
import type { FunctionProcess } from '../../local/production/function-process.ts';
import { startSendgridStandIn, type SendgridStandIn } from '../../local/stand-ins/sendgrid/stand-in.ts';
import { emailIdOf, links, sendgridEvent, unsubscribeLink } from '../support/delivery-events.ts';
import { emulators } from '../support/emulators.ts';
import { startFunction } from '../support/function-process.ts';
import { hour, minute } from '../support/transactions.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const projectId = `demo-${randomUUID()}`;
const apiKey = 'SG.stand-in';

function startRecordDelivery(firestoreHost: string): Promise<FunctionProcess> {
  return startFunction('recordDelivery', {
    GOOGLE_CLOUD_PROJECT: projectId,
    FIRESTORE_EMULATOR_HOST: firestoreHost,
    JOIN_URL: links.join,
    UNSUBSCRIBE_URL: links.unsubscribe,
    WEBHOOK_PUBLIC_KEY: createPublicKey(privateKey)
      .export({ format: 'der', type: 'spki' })
      .toString('base64'),
    WEBHOOK_TOLERANCE: '1h',
  });
}

describe('recordDelivery', function () {
  // The first calls of the function and of the emulator are slow.
  this.timeout(60_000);
  let served: FunctionProcess;
  let firestore: Firestore;
  let sendgrid: SendgridStandIn;

  before(async () => {
    const host = (await emulators()).env['FIRESTORE_EMULATOR_HOST'] ?? '';
    served = await startRecordDelivery(host);
    const customHeaders = { Authorization: 'Bearer owner' };
    firestore = new Firestore({ projectId, host, ssl: false, customHeaders });
    sendgrid = await startSendgridStandIn({ apiKey, webhook: { url: served.url, privateKey } });
  });
  after(async () => {
    await sendgrid.close();
    await served.terminate();
    await firestore.terminate();
  });

  function signed(body: string, at = Date.now()): Record<string, string> {
    const timestamp = String(Math.floor(at / 1000));
    return {
      'Content-Type': 'application/json',
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
      'X-Twilio-Email-Event-Webhook-Signature': sign(
        'sha256',
        Buffer.from(timestamp + body),
        privateKey,
      ).toString('base64'),
    };
  }
  const post = (body: string, headers = signed(body)) => fetch(served.url, { method: 'POST', headers, body });
  async function refusal(answer: Promise<Response>): Promise<[number, unknown]> {
    const response = await answer;
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    return [response.status, error.code];
  }
  const claim = (emailId: string) => firestore.doc(`emails/${emailId}`).create({ status: 'accepted' });

  it('stores a report that SendGrid has signed, over the exact bytes of the body', async () => {
    await claim(emailIdOf(1));
    const body = `[${JSON.stringify(sendgridEvent('delivered'))},\r\n  ${JSON.stringify(sendgridEvent('bounce', 1, { note: 'ñ' }))}]\r\n`;
    const response = await post(body);
    expect([response.status, await response.text()]).to.deep.equal([204, '']);
    expect((await firestore.doc(`emails/${emailIdOf(1)}`).get()).get('delivery')).to.have.keys([
      'deliveredAt',
      'bouncedAt',
    ]);
    const outreach = await firestore.doc(`outreach/${emailIdOf(1).slice(0, 32)}`).get();
    expect(outreach.get('suppressions')).to.have.keys(['bounced']);
  });

  it('refuses a body that SendGrid has not signed, before it parses it', async () => {
    const body = JSON.stringify([sendgridEvent('delivered', 0, { emailId: emailIdOf(2) })]);
    await claim(emailIdOf(2));
    const { 'X-Twilio-Email-Event-Webhook-Signature': _, ...unsigned } = signed(body);
    expect(await refusal(post(body, unsigned))).to.deep.equal([401, 'not-signed']);
    expect(await refusal(post(`${body} `, signed(body)))).to.deep.equal([401, 'wrong-signature']);
    expect(await refusal(post('{"torn', signed(body)))).to.deep.equal([401, 'wrong-signature']);
    expect(await refusal(post(body, signed(body, Date.now() - hour - minute)))).to.deep.equal([
      403,
      'outdated',
    ]);
    expect(await refusal(post(body, signed(body, Date.now() + 6 * minute)))).to.deep.equal([403, 'outdated']);
    expect((await firestore.doc(`emails/${emailIdOf(2)}`).get()).data()).to.deep.equal({
      status: 'accepted',
    });
  });

  it('refuses a body that is not a list of events or too large, and other methods', async () => {
    expect(await refusal(post('{"torn'))).to.deep.equal([400, 'invalid-json']);
    expect(await refusal(post('{}'))).to.deep.equal([400, 'no-list']);
    expect(await refusal(post(`[${'1,'.repeat(10_000)}1]`))).to.deep.equal([413, 'too-many-events']);
    expect(await refusal(post(`["${'x'.repeat(10 * 1024 * 1024)}"]`))).to.deep.equal([413, 'body-too-large']);
    const got = await fetch(served.url);
    expect([got.status, got.headers.get('allow')]).to.deep.equal([405, 'POST']);
  });

  it('accepts 10,000 events at once', async () => {
    const emailIds = Array.from({ length: 500 }, (_, index) => emailIdOf(1_000 + index));
    const batch = firestore.batch();
    for (const emailId of emailIds) batch.create(firestore.doc(`emails/${emailId}`), { status: 'accepted' });
    await batch.commit();
    const events = Array.from({ length: 10_000 }, (_, index) =>
      sendgridEvent(index % 2 === 0 ? 'delivered' : 'open', index, { emailId: emailIds[index % 500] }),
    );
    expect((await post(JSON.stringify(events))).status).to.equal(204);
    const opened = await firestore.collection('emails').where('delivery.openedAt', '>', 0).count().get();
    expect(opened.data().count).to.equal(250);
  });

  it('accepts the reports of the stand-in, duplicated and out of order', async () => {
    const emailId = emailIdOf(3);
    await claim(emailId);
    const call = (method: string, path: string, body: unknown) =>
      fetch(`${sendgrid.url}${path}`, {
        method,
        headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    await call('PUT', '/stand-in/webhook', { copies: 2, shuffled: true, batchSize: 2 });
    await call('POST', '/v3/mail/send', {
      personalizations: [{ to: [{ email: 'ann@example.com' }] }],
      from: { email: 'hello@farmacy.example' },
      subject: 'Hello',
      content: [{ type: 'text/html', value: `<a href="${links.join}">Join</a>` }],
      custom_args: { emailId },
    });
    await call('POST', '/stand-in/events', { emailId, event: 'click', fields: { url: unsubscribeLink } });
    await call('POST', '/stand-in/events', { emailId, event: 'open', fields: { sg_machine_open: true } });
    await sendgrid.reported();
    const stored = (await firestore.doc(`emails/${emailId}`).get()).get('delivery') as Record<
      string,
      unknown
    >;
    expect(stored).to.have.keys(['processedAt', 'deliveredAt', 'machineOpenedAt', 'clicks']);
    expect(stored['clicks']).to.have.keys(['unsubscribe']);
  });

  it('has logged no address, link or user agent', () => {
    const lines = served.logs.all(() => true);
    expect(lines).to.not.have.length(0);
    expect(JSON.stringify(lines)).to.not.match(/ann|farmacy\.example|secret|Mozilla|192\.0\.2/iu);
  });
});
