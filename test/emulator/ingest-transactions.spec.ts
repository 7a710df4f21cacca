import { once } from 'node:events';
import { connect } from 'node:net';
import { PubSub, type Message, type Subscription } from '@google-cloud/pubsub';
import { expect } from 'chai';
import type { FunctionProcess } from '../../local/production/function-process.ts';
import { freePorts } from '../../local/stack/ports.ts';
import { emulators } from '../support/emulators.ts';
import { startFunction } from '../support/function-process.ts';
import { meterFirestore, type Meter } from '../support/firestore-meter.ts';
import { answers, breaches, isRequest, requestExample } from '../support/ingest-contract.ts';
import { transactionMessage } from '../support/transactions.ts';

const KEY = 'a-key-of-the-tests-with-enough-characters';
const MEGABYTE = 1024 * 1024;

const purchase = (changes: Record<string, unknown> = {}) =>
  transactionMessage({ occurredAt: new Date().toISOString(), ...changes });

/** fetch requires this for a stream as a body; its type lacks it. */
const streaming = { duplex: 'half' };

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream | null;

interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function startIngest(env: Record<string, string>): Promise<FunctionProcess> {
  return startFunction('ingestTransactions', {
    GOOGLE_CLOUD_PROJECT: 'demo-ingest',
    VENDOR_KEYS: `acme:${KEY}`,
    ...env,
  });
}

describe('ingestTransactions', () => {
  let ingest: FunctionProcess;
  let pubsub: PubSub;
  let subscription: Subscription;
  let meter: Meter;
  const arrived: Message[] = [];

  before(async function () {
    this.timeout(60_000);
    const { env } = await emulators();
    const host = env['PUBSUB_EMULATOR_HOST'] ?? '';
    pubsub = new PubSub({ projectId: 'demo-ingest', apiEndpoint: host, emulatorMode: true });
    const [topic] = await pubsub.createTopic('transactions');
    [subscription] = await topic.createSubscription('test');
    subscription.on('message', (message: Message) => {
      message.ack();
      arrived.push(message);
    });
    meter = await meterFirestore(host);
    ingest = await startIngest({ PUBSUB_EMULATOR_HOST: meter.host });
  });
  after(async () => {
    await ingest.terminate();
    await subscription.close();
    await pubsub.close();
    await meter.close();
  });
  beforeEach(() => void arrived.splice(0));

  /** @returns the answer, once it is checked against the contract. */
  async function call(body: Body, { method = 'POST', headers = {} }: Call = {}, url = ingest.url) {
    const response = await fetch(url, {
      method,
      body,
      headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json', ...headers },
      ...streaming,
    });
    const answer = (await response.json()) as Record<string, unknown>;
    expect(breaches(response.status, response.headers, answer)).to.deep.equal([]);
    return { status: response.status, answer };
  }

  async function messages(count: number): Promise<Message[]> {
    while (arrived.length < count) await once(subscription, 'message');
    return arrived;
  }

  it('publishes everything a vendor reports about a purchase, with the name of the vendor', async () => {
    const body = JSON.stringify(purchase({ loyaltyPoints: 7 }), null, 2);
    const { status, answer } = await call(body);
    expect(status).to.equal(202);
    const [message] = await messages(1);
    expect(message?.data.toString()).to.equal(JSON.stringify(JSON.parse(body)));
    expect(message?.attributes).to.deep.equal({ vendor: 'acme' });
    expect(answer).to.deep.equal({
      accepted: 1,
      rejected: 0,
      results: [{ index: 0, status: 'accepted', messageId: message?.id }],
    });
  });

  it('takes 500 purchases at once, rejects the invalid ones and says why', async () => {
    const purchases = Array.from({ length: 500 }, (_, index) =>
      purchase({ transactionId: `sale-${index}`, ...(index % 100 === 7 && { source: 'somewhere' }) }),
    );
    meter.take();
    const { status, answer } = await call(JSON.stringify(purchases));
    expect(meter.take().rpcs).to.deep.equal({ Publish: 1 });
    expect(status).to.equal(202);
    expect(answer).to.include({ accepted: 495, rejected: 5 });
    const results = answer['results'] as { index: number; status: string; messageId?: string }[];
    expect(results.map(({ index }) => index)).to.deep.equal(purchases.map((_, index) => index));
    expect(
      results.filter(({ status }) => status === 'rejected').map(({ index }) => index % 100),
    ).to.deep.equal([7, 7, 7, 7, 7]);
    const published = new Map((await messages(495)).map(({ id, data }) => [id, data.toString()]));
    for (const { index, messageId } of results.filter(({ status }) => status === 'accepted')) {
      expect(published.get(messageId ?? '')).to.equal(JSON.stringify(purchases[index]));
    }
  });

  it('takes a body whose encoding is none, in any case, and says what of a purchase is left out', async () => {
    const body = JSON.stringify(purchase({ items: [{ sku: 'A', name: '', quantity: 1, unitPrice: 1 }] }));
    const { status, answer } = await call(body, { headers: { 'Content-Encoding': 'Identity' } });
    expect(status).to.equal(202);
    expect(answer).to.have.deep.nested.property('results[0].leftOut', ['items[0].name']);
  });

  it('publishes nothing when no purchase of a request is valid', async () => {
    const { status, answer } = await call(JSON.stringify([{}, { version: 2 }]));
    expect(status).to.equal(400);
    expect(answer).to.deep.include({ accepted: 0, rejected: 2 });
    expect(answer).to.have.nested.property('error.code', 'no-valid-transaction');
  });

  const refusals: [what: string, status: number, code: string, body: Body, init?: Call][] = [
    ['a GET', 405, 'method-not-allowed', null, { method: 'GET' }],
    ['no key', 401, 'no-key', '{}', { headers: { Authorization: '' } }],
    ['a name and password', 401, 'no-key', '{}', { headers: { Authorization: 'Basic YWNtZTphY21l' } }],
    ['a wrong key', 401, 'unknown-key', '{bad', { headers: { Authorization: `Bearer ${KEY}x` } }],
    ['a form', 415, 'not-json', 'a=b', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }],
    ['text', 415, 'not-json', '{}', { headers: { 'Content-Type': 'text/plain' } }],
    ['a CloudEvent', 415, 'not-json', '{}', { headers: { 'Content-Type': 'application/cloudevents+json' } }],
    ['a compressed body', 415, 'encoded-body', 'x', { headers: { 'Content-Encoding': 'gzip' } }],
    ['a body that is too large', 413, 'body-too-large', Buffer.alloc(MEGABYTE + 1, ' ')],
    ['a body that is far too large, without a declared length', 413, 'body-too-large', endless(5 * MEGABYTE)],
    ['broken JSON', 400, 'invalid-json', '{"transactionId": "a'],
    ['nothing', 400, 'invalid-json', ''],
    ['Latin-1', 400, 'invalid-json', Buffer.from('{"name": "Jos\xe9"}', 'latin1')],
    ['a number', 400, 'not-transactions', '7'],
    ['an empty list', 400, 'no-transactions', '[]'],
    ['501 purchases', 400, 'too-many-transactions', `[${'{},'.repeat(500)}{}]`],
  ];
  for (const [what, status, code, body, init] of refusals) {
    it(`refuses ${what}: ${status} ${code}`, async () => {
      const refused = await call(body, {
        ...init,
        ...(body instanceof ReadableStream && { duplex: 'half' }),
      });
      expect(refused).to.deep.include({ status });
      expect(refused.answer).to.have.nested.property('error.code', code);
    });
  }

  it('takes a body of one megabyte', async () => {
    const json = JSON.stringify(purchase());
    expect(await call(json.padEnd(MEGABYTE))).to.include({ status: 202 });
  });

  it('accepts the media type with parameters and in any case', async () => {
    const headers = { 'Content-Type': 'Application/JSON; charset=utf-8' };
    expect(await call(JSON.stringify(purchase()), { headers })).to.include({ status: 202 });
  });

  it('logs a caller who disconnects in the middle of a body', async () => {
    const { hostname, port } = new URL(ingest.url);
    const socket = connect(Number(port), hostname);
    const head = [
      'POST / HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${KEY}`,
      'Content-Type: application/json',
      'Content-Length: 100',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n{"tran`, () => socket.destroy());
    const [line] = await ingest.logs.until(({ code }) => code === 'incomplete-body');
    expect(line).to.include({ event: 'ingest-refused', status: 400, vendor: 'acme' });
  });

  it('logs the vendor, the counts and the refusals, without any content', async () => {
    const [report] = await ingest.logs.until(({ accepted }) => accepted === 495);
    expect(report).to.include({ event: 'transactions-ingested', vendor: 'acme', rejected: 5 });
    const [refused] = await ingest.logs.until(({ code }) => code === 'unknown-key');
    expect(refused).to.include({ event: 'ingest-refused', status: 401 });
    expect(JSON.stringify(ingest.logs.all(() => true))).to.not.match(/ann|lee|quinoa|characters/iu);
  });

  it('accepts nothing while Pub/Sub cannot be reached, and says when to try again', async function () {
    this.timeout(20_000);
    const [unused = 0] = await freePorts(1);
    const cutOff = await startIngest({
      PUBSUB_EMULATOR_HOST: `127.0.0.1:${unused}`,
      PUBLISH_TIMEOUT: '200ms',
    });
    try {
      const { status, answer } = await call(JSON.stringify([purchase(), {}]), {}, cutOff.url);
      expect(status).to.equal(503);
      expect(answer).to.have.all.keys('error');
      expect(cutOff.logs.all(({ event }) => event === 'transactions-ingested')).to.be.empty;
    } finally {
      await cutOff.terminate();
    }
  });

  it('answers an internal error when its configuration is wrong', async function () {
    this.timeout(20_000);
    const misconfigured = await startIngest({ VENDOR_KEYS: 'acme' });
    try {
      const { status, answer } = await call('{}', {}, misconfigured.url);
      expect(status).to.equal(500);
      expect(answer).to.have.nested.property('error.code', 'internal-error');
      const [line] = await misconfigured.logs.until(({ event }) => event === 'ingest-refused');
      expect(line?.['error']).to.include('VENDOR_KEYS');
    } finally {
      await misconfigured.terminate();
    }
  });
});

describe('the contract of ingestTransactions', () => {
  it('is met by its own examples', () => {
    expect(isRequest(requestExample)).to.equal(true);
    expect(isRequest([])).to.equal(false);
    const headers = new Headers({ 'WWW-Authenticate': 'Bearer x', Allow: 'POST', 'Retry-After': '30' });
    for (const [status, { content }] of Object.entries(answers)) {
      const { example } = content['application/json'];
      if (example !== undefined) expect(breaches(Number(status), headers, example)).to.deep.equal([]);
    }
  });
});

function endless(bytes: number): ReadableStream {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(Buffer.alloc(65_536, ' '));
      left -= 65_536;
    },
  });
}
