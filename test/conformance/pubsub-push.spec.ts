import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { Fixture } from '../support/pubsub-fixture.ts';
import { embeddedOnly, onEachPubsub, type PubsubTarget } from '../support/pubsub-targets.ts';

/** A request of Pub/Sub, waiting for its answer. */
interface Pushed {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: PushBody;
  readonly response: ServerResponse;
}

interface PushBody {
  readonly subscription: string;
  readonly deliveryAttempt?: number;
  readonly message: Readonly<Record<string, unknown>>;
}

/** Takes the pushes of one test. */
class Endpoint {
  readonly #server = createServer((request, response) => void this.#receive(request, response));
  readonly #pushed: Pushed[] = [];

  async url(): Promise<string> {
    if (!this.#server.listening) await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/projects/p/topics/t`;
  }

  async next(): Promise<Pushed> {
    for (;;) {
      const pushed = this.#pushed.shift();
      if (pushed) return pushed;
      await once(this.#server, 'pushed');
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await text(request)) as PushBody;
    this.#pushed.push({ path: request.url, headers: request.headers, body, response });
    this.#server.emit('pushed');
  }
}

const AT_ONCE = { minimumBackoff: { seconds: 0 }, maximumBackoff: { seconds: 0 } };

function withEndpoint(target: () => PubsubTarget) {
  let endpoint: Endpoint;
  beforeEach(() => {
    endpoint = new Endpoint();
  });
  let subscription: string | undefined;
  afterEach(async () => {
    // Google's emulator would continue to push to a closed port.
    if (subscription !== undefined) await target().subscriber.deleteSubscription({ subscription });
    subscription = undefined;
    await endpoint.close();
  });
  return {
    next: () => endpoint.next(),
    async create(settings: object = {}, pushConfig: object = {}): Promise<Fixture> {
      const pushEndpoint = await endpoint.url();
      const fixture = await Fixture.create(target(), {
        pushConfig: { pushEndpoint, ...pushConfig },
        ...settings,
      });
      subscription = fixture.subscription;
      return fixture;
    },
  };
}

onEachPubsub('A push subscription', (target) => {
  const endpoint = withEndpoint(target);

  it('posts each message in the documented form', async () => {
    const { topic, subscription } = await endpoint.create();
    const messages = [{ data: Buffer.from('hello'), attributes: { vendor: 'acme' } }];
    const [{ messageIds }] = await target().publisher.publish({ topic, messages });
    const { path, headers, body, response } = await endpoint.next();
    response.writeHead(204).end();
    expect(path).to.equal('/projects/p/topics/t');
    expect(headers['content-type']).to.equal('application/json');
    const { publishTime, ...message } = body.message;
    expect(publishTime).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/u);
    expect({ ...body, message }).to.deep.equal({
      subscription,
      message: {
        attributes: { vendor: 'acme' },
        data: Buffer.from('hello').toString('base64'),
        messageId: messageIds?.[0],
        message_id: messageIds?.[0],
        publish_time: publishTime,
      },
    });
  });

  for (const code of [200, 201, 202, 204]) {
    it(`takes status ${code} as an acknowledgement`, async () => {
      const fixture = await endpoint.create({ retryPolicy: AT_ONCE });
      await fixture.publish('taken');
      (await endpoint.next()).response.writeHead(code).end();
      await fixture.publish('next');
      const { body, response } = await endpoint.next();
      response.writeHead(204).end();
      expect(body.message['data']).to.equal(Buffer.from('next').toString('base64'));
    });
  }

  it('delivers again after a failed request', async () => {
    const fixture = await endpoint.create({ retryPolicy: AT_ONCE });
    const [messageId] = await fixture.publish('again');
    (await endpoint.next()).response.writeHead(500).end();
    const { body, response } = await endpoint.next();
    response.writeHead(204).end();
    expect(body.message['messageId']).to.equal(messageId);
  });
});

embeddedOnly('A push subscription', (target) => {
  const endpoint = withEndpoint(target);

  it('leaves out empty fields', async () => {
    const { topic } = await endpoint.create();
    const messages = [{ data: Buffer.from('x') }, { attributes: { vendor: 'acme' }, orderingKey: 'key' }];
    await target().publisher.publish({ topic, messages });
    const [first, second] = [await endpoint.next(), await endpoint.next()];
    for (const { response } of [first, second]) response.writeHead(204).end();
    const common = ['messageId', 'message_id', 'publishTime', 'publish_time'];
    expect(first.body.message).to.have.all.keys('data', ...common);
    expect(second.body.message).to.have.all.keys('attributes', 'orderingKey', ...common);
  });

  it('sends the delivery attempt, and forwards the message to the dead-letter topic after the last one', async () => {
    const deadLetters = await Fixture.create(target());
    const fixture = await endpoint.create({
      retryPolicy: AT_ONCE,
      deadLetterPolicy: { deadLetterTopic: deadLetters.topic, maxDeliveryAttempts: 5 },
    });
    await fixture.publish('hopeless');
    for (const attempt of [1, 2, 3, 4, 5]) {
      const { body, response } = await endpoint.next();
      response.writeHead(503).end();
      expect(body.deliveryAttempt).to.equal(attempt);
    }
    expect((await deadLetters.pullNext()).map(({ text: dead }) => dead)).to.deep.equal(['hopeless']);
  });

  it('sends an identity token when it is configured to', async () => {
    const serviceAccountEmail = 'push@example.com';
    const tokens: [object, string | undefined][] = [
      [{ oidcToken: { serviceAccountEmail, audience: 'the function' } }, 'the function'],
      [{ oidcToken: { serviceAccountEmail } }, undefined],
    ];
    for (const [pushConfig, audience] of tokens) {
      const fixture = await endpoint.create({}, pushConfig);
      await fixture.publish('signed');
      const { headers, response } = await endpoint.next();
      response.writeHead(204).end();
      const [header = '', claims = '', signature] = (headers.authorization ?? '').split(/[ .]/u).slice(1);
      const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
      expect(decode(header)).to.include({ alg: 'RS256', typ: 'JWT' });
      const expected = audience ?? `http://${headers.host}/projects/p/topics/t`;
      expect(decode(claims)).to.include({
        iss: 'https://accounts.google.com',
        aud: expected,
        email: serviceAccountEmail,
        email_verified: true,
      });
      expect(signature).to.match(/^[\w-]{342}$/u);
    }
  });

  // The emulator does so too, but waits a few seconds each time.
  it('delivers again after any other status, and after a lost connection', async () => {
    const fixture = await endpoint.create({ retryPolicy: AT_ONCE });
    const [messageId] = await fixture.publish('again');
    const answers = [203, 206, 302, 400, 404, 429, 503, undefined, 204];
    for (const answer of answers) {
      const { body, response } = await endpoint.next();
      expect(body.message['messageId']).to.equal(messageId);
      if (answer === undefined) response.destroy();
      else response.writeHead(answer, { location: '/elsewhere' }).end();
    }
  });

  it('delivers again when there is no answer within the deadline', async () => {
    const fixture = await endpoint.create({ ackDeadlineSeconds: 30, retryPolicy: AT_ONCE });
    await fixture.publish('slow');
    const first = await endpoint.next();
    const given = once(first.response, 'close');
    target().elapse(30_000);
    await given;
    const second = await endpoint.next();
    second.response.writeHead(204).end();
    expect(second.body.message['messageId']).to.equal(first.body.message['messageId']);
  });

  it('has at most 100 requests open', async () => {
    const fixture = await endpoint.create();
    await fixture.publish(...Array.from({ length: 100 }, (_, index) => `${index}`));
    const pushed = [];
    while (pushed.length < 100) pushed.push(await endpoint.next());
    await fixture.publish('waiting');
    expect((await fixture.pull()).map(({ text: left }) => left)).to.deep.equal(['waiting']);
    for (const { response } of pushed) response.writeHead(204).end();
  });
});
