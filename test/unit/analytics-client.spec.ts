import type { Socket } from 'node:net';
import { expect } from 'chai';
import { analyticsClient, type AnalyticsConfig } from '../../functions/src/adapters/analytics/client.ts';
import { identityTokensFor } from '../../functions/src/adapters/analytics/identity-token.ts';
import type { ContentQuestion } from '../../functions/src/domain/content.ts';
import { PermanentError, RetryableError } from '../../functions/src/errors.ts';
import { faultsIn } from '../../local/stand-ins/analytics/contract.ts';
import { unusedUrl, httpAnswer, tcpServer, type TcpServer } from '../support/tcp-server.ts';

const json = { 'content-type': 'application/json' };
const minute = 60_000;

const question: ContentQuestion = {
  customerId: 'c0ffee',
  stage: 'transactional',
  locale: 'es',
  sequence: 2,
  transaction: {
    occurredAt: Date.UTC(2026, 2, 2, 12, 4, 31),
    source: 'smart-fridge',
    location: { id: 'fridge-17', name: 'Estación Central', zone: 'north', timeZone: 'Europe/Madrid' },
    items: [
      { sku: 'b-1', name: 'Quinoa Bowl', category: 'bowls', quantity: 1, unitPrice: 890 },
      { sku: 'w-1', name: 'Water', quantity: 2, unitPrice: 150 },
    ],
  },
};

const servers: TcpServer[] = [];

async function serverWith(onRequest: (socket: Socket) => void): Promise<TcpServer> {
  const server = await tcpServer(onRequest);
  servers.push(server);
  return server;
}

function client(url: string, changes: Partial<AnalyticsConfig> = {}, token = 'a-token') {
  const config = { url, timeout: 200, auth: 'none' as const, audience: url, ...changes };
  return analyticsClient(config, async () => token);
}

async function failureOf(work: Promise<unknown>): Promise<RetryableError> {
  const outcome = await work.then(
    (value) => value,
    (error: unknown) => error,
  );
  expect(outcome).to.be.instanceOf(RetryableError);
  return outcome as RetryableError;
}

describe('the Analytics client', () => {
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  describe('asks', () => {
    async function requestFor(asked: ContentQuestion, changes: Partial<AnalyticsConfig> = {}, path = '') {
      const server = await serverWith((socket) => socket.write(httpAnswer(204)));
      await client(server.url + path, changes).ask(asked);
      const [head = '', body = ''] = (server.requests[0] ?? '').split('\r\n\r\n');
      return { head, body: JSON.parse(body) as unknown };
    }

    it('with the fields of the contract and no others', async () => {
      const { head, body } = await requestFor(question);
      expect(head).to.match(/^POST \/v1\/content HTTP\/1.1\r\n/u);
      expect(faultsIn(body, 'Question')).to.be.empty;
      expect(body).to.deep.equal({
        customerId: 'c0ffee',
        stage: 'transactional',
        locale: 'es',
        sequence: 2,
        transaction: {
          occurredAt: '2026-03-02T12:04:31.000Z',
          source: 'smart-fridge',
          location: { id: 'fridge-17', name: 'Estación Central', zone: 'north', timeZone: 'Europe/Madrid' },
          items: [
            { name: 'Quinoa Bowl', category: 'bowls', quantity: 1 },
            { name: 'Water', quantity: 2 },
          ],
        },
      });
    });
    it('about a customer without a purchase', async () => {
      const { transaction, ...withoutPurchase } = question;
      const { body } = await requestFor({ ...withoutPurchase, stage: 'registered' });
      expect(transaction).to.exist;
      expect(faultsIn(body, 'Question')).to.be.empty;
    });
    it('below the path of the configured URL', async () => {
      expect((await requestFor(question, {}, '/analytics')).head).to.match(
        /^POST \/analytics\/v1\/content /u,
      );
    });
    it('with an identity token if the configuration requires one', async () => {
      expect((await requestFor(question, { auth: 'oidc' })).head).to.match(
        /^authorization: Bearer a-token$/imu,
      );
      expect((await requestFor(question)).head).to.not.match(/^authorization/imu);
    });
  });

  describe('returns', () => {
    const proposed = { contentId: 'x', template: 'join', variables: { headline: 'comida rápida' } };

    it('the proposed content', async () => {
      const server = await serverWith((socket) =>
        socket.write(httpAnswer(200, json, JSON.stringify(proposed))),
      );
      expect(await client(server.url).ask(question)).to.deep.equal(proposed);
    });
    it('an answer that arrives in pieces, split within a character', async () => {
      const answer = Buffer.from(httpAnswer(200, json, JSON.stringify(proposed)));
      const cut = answer.indexOf('á') + 1;
      const server = await serverWith((socket) => {
        socket.write(answer.subarray(0, cut), () => setImmediate(() => socket.write(answer.subarray(cut))));
      });
      expect(await client(server.url).ask(question)).to.deep.equal(proposed);
    });
    it('undefined when Analytics has no content', async () => {
      const server = await serverWith((socket) => socket.write(httpAnswer(204)));
      expect(await client(server.url).ask(question)).to.equal(undefined);
    });
  });

  it('fails permanently, and names the faults, when the answer breaks the contract', async () => {
    const server = await serverWith((socket) => socket.write(httpAnswer(200, json, '{"any":["secret"]}')));
    const failure: unknown = await client(server.url)
      .ask(question)
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(PermanentError);
    expect((failure as Error).message)
      .to.include('contentId: ')
      .and.include('the whole: holds undeclared fields any')
      .and.not.include('secret');
  });

  describe('fails with a retryable error that does not quote the answer', () => {
    const cases: Record<string, [(socket: Socket) => void, string]> = {
      'on a 400': [(s) => s.write(httpAnswer(400, json, '"secret"')), 'Analytics answered 400'],
      'on a 500': [(s) => s.write(httpAnswer(500, json, '"secret"')), 'Analytics answered 500'],
      'on a redirect': [
        (s) => s.write(httpAnswer(307, { location: 'http://127.0.0.1:1/' })),
        'Analytics answered 307',
      ],
      'on another content type': [
        (s) => s.write(httpAnswer(200, { 'content-type': 'text/html' }, '"secret"')),
        'Analytics answered something other than application/json',
      ],
      'on no content type': [
        (s) => s.write(httpAnswer(200, {}, '"secret"')),
        'Analytics answered something other than application/json',
      ],
      'on broken JSON': [
        (s) => s.write(httpAnswer(200, json, '{"secret"')),
        'Analytics answered something that is not JSON in UTF-8',
      ],
      'on an answer in Latin-1, which would read Jalape\uFFFDo': [
        (s) =>
          s.write(
            Buffer.from(
              httpAnswer(200, json, '{"subject": "Jalape?o secret"}').replace('?', '\xf1'),
              'latin1',
            ),
          ),
        'Analytics answered something that is not JSON in UTF-8',
      ],
      'on an empty answer': [
        (s) => s.write(httpAnswer(200, json, '')),
        'Analytics answered something that is not JSON in UTF-8',
      ],
      'on an answer that is too large': [
        (s) => s.write(httpAnswer(200, json, `"${'x'.repeat(65_536)}"`)),
        'Analytics answered more than 65536 bytes',
      ],
      'on silence': [() => undefined, 'Analytics did not answer within 200 ms'],
      'on an answer that stops': [
        (s) => s.write(httpAnswer(200, { ...json, 'content-length': '99' }, '{')),
        'Analytics did not answer within 200 ms',
      ],
      'on a connection that breaks': [
        (s) => s.resetAndDestroy(),
        'Analytics could not be asked (ECONNRESET)',
      ],
      'on an answer that is not HTTP': [
        (s) => s.end('hello\r\n\r\n'),
        'Analytics could not be asked (HTTPParserError)',
      ],
    };
    for (const [when, [behaviour, reason]] of Object.entries(cases)) {
      it(when, async () => {
        const { url } = await serverWith(behaviour);
        expect((await failureOf(client(url).ask(question))).message).to.equal(reason);
      });
    }
    it('when the connection is refused', async () => {
      const failure = await failureOf(client(await unusedUrl()).ask(question));
      expect(failure.message).to.equal('Analytics could not be asked (ECONNREFUSED)');
    });
    it('on an endless answer, once it has read the limit', async () => {
      const { url } = await serverWith((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"${'x'.repeat(100_000)}`);
      });
      const failure = await failureOf(client(url, { timeout: 5_000 }).ask(question));
      expect(failure.message).to.equal('Analytics answered more than 65536 bytes');
    });
  });
});

describe('identity tokens from the metadata server', () => {
  const hostBefore = process.env['GCE_METADATA_HOST'];

  async function metadataServer(onRequest: (socket: Socket) => void): Promise<TcpServer> {
    const server = await serverWith(onRequest);
    process.env['GCE_METADATA_HOST'] = new URL(server.url).host;
    return server;
  }
  afterEach(async () => {
    if (hostBefore === undefined) delete process.env['GCE_METADATA_HOST'];
    else process.env['GCE_METADATA_HOST'] = hostBefore;
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  const flavor = { 'metadata-flavor': 'Google' };
  const tokenUntil = (expiry: number) =>
    ['e30', Buffer.from(JSON.stringify({ exp: expiry / 1000 })).toString('base64url'), 'c2ln'].join('.');
  const signal = () => AbortSignal.timeout(2_000);

  it('are requested with the audience and the header that the server requires', async () => {
    const token = tokenUntil(Date.now() + 60 * minute);
    const server = await metadataServer((socket) => socket.write(httpAnswer(200, flavor, token)));
    expect(await identityTokensFor('https://analytics.example')(signal())).to.equal(token);
    expect(server.requests[0]).to.match(
      /^GET \/computeMetadata\/v1\/instance\/service-accounts\/default\/identity\?.*audience=https/u,
    );
    expect(server.requests[0]).to.match(/^metadata-flavor: Google$/imu);
  });
  it('are cached until shortly before they expire', async () => {
    const expiries = [Date.now() + 60 * minute, Date.now() + minute, Date.now() + 90 * minute];
    const server = await metadataServer((socket) => {
      socket.write(httpAnswer(200, flavor, tokenUntil(expiries[server.requests.length - 1] ?? NaN)));
    });
    const fresh = identityTokensFor('x');
    expect(await fresh(signal())).to.equal(await fresh(signal()));
    expect(server.requests).to.have.lengthOf(1);
    const expiring = identityTokensFor('x');
    await expiring(signal());
    expect(await expiring(signal())).to.equal(tokenUntil(expiries[2] ?? NaN));
  });
  it('fail when the server refuses, with an error that does not quote its answer', async () => {
    await metadataServer((socket) => socket.write(httpAnswer(404, flavor, 'no account of ann@example.com')));
    const failure = await failureOf(identityTokensFor('x')(signal()));
    expect(failure.message).to.match(/^there is no identity token from the metadata server \(/u);
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).to.not.include('ann@');
  });
  it('count towards the deadline of the question, even when the server hangs', async () => {
    await metadataServer(() => undefined);
    const config = { url: 'http://127.0.0.1:1', timeout: 50, auth: 'oidc' as const, audience: 'x' };
    expect((await failureOf(analyticsClient(config).ask(question))).message).to.equal(
      'Analytics did not answer within 50 ms',
    );
  });
});
