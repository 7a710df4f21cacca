import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { expect } from 'chai';
import { RetryableError } from '../../functions/src/errors.ts';
import { onRequest, type ReceivedRequest } from '../../functions/src/framework/on-request.ts';
import { Refusal, type Reply } from '../../functions/src/framework/refusal.ts';

const LIMIT = 64;

/*
 * In this process the framework parses the bodies, as it would if functions/src/framework/unread-body.ts stopped working:
 * their bytes are in `rawBody`. The tests in test/emulator cover unread bodies.
 */
describe('an HTTP function whose bodies the framework has parsed', () => {
  const servers: Server[] = [];
  let handle: (request: ReceivedRequest) => Promise<Reply>;

  before(() => {
    http(
      'requests',
      onRequest({
        methods: ['POST', 'PUT'],
        maxBody: LIMIT,
        compose: () => ({ limit: 100 }),
        deadline: ({ limit }) => limit,
        handle: (request) => handle(request),
        refuse(error) {
          if (error instanceof Refusal) return error.reply;
          if (error instanceof RetryableError) return { status: 503, body: { text: error.message } };
          return { status: 500, body: { text: 'failed' } };
        },
      }),
    );
  });
  beforeEach(() => {
    handle = async (request) => ({
      status: 200,
      headers: { 'x-type': request.contentType },
      body: { text: (await request.body()).toString('latin1') },
    });
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    }
  });

  async function call(init: RequestInit): Promise<Response> {
    const server = getTestServer('requests').listen(0);
    servers.push(server);
    await once(server, 'listening');
    return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, init);
  }

  for (const [contentType, body] of [
    ['application/json', '[{"event": "delivered"} ]'],
    ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    ['text/plain; charset=utf-8', 'a text'],
    ['application/octet-stream', 'bytes'],
  ] as const) {
    it(`gets the exact bytes and type of ${contentType}`, async () => {
      const response = await call({ method: 'POST', headers: { 'content-type': contentType }, body });
      expect([response.status, await response.text()]).to.deep.equal([200, body]);
      expect(response.headers.get('x-type')).to.equal(contentType);
    });
  }

  it('refuses a body above the limit, and accepts one of exactly that size', async () => {
    const send = (size: number) =>
      call({ method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(size) });
    expect((await send(LIMIT)).status).to.equal(200);
    const refused = await send(LIMIT + 1);
    expect([refused.status, await refused.json()]).to.deep.equal([
      413,
      { error: { code: 'body-too-large', message: 'The body may have at most 64 bytes.' } },
    ]);
  });

  it('refuses other methods, and names the allowed ones', async () => {
    const refused = await call({ method: 'GET' });
    expect([refused.status, refused.headers.get('allow')]).to.deep.equal([405, 'POST, PUT']);
    expect(await refused.json()).to.have.nested.property('error.code', 'method-not-allowed');
  });

  it('answers at the deadline when the handler does not', async () => {
    handle = () => new Promise(() => undefined);
    const late = await call({ method: 'POST' });
    expect([late.status, await late.text()]).to.deep.equal([503, 'There was no result within 100 ms.']);
  });

  it('answers an unexpected error', async () => {
    handle = () => Promise.reject(new Error('unexpected'));
    const failed = await call({ method: 'POST' });
    expect([failed.status, await failed.text()]).to.deep.equal([500, 'failed']);
  });

  it('may answer with JSON, with HTML or without a body', async () => {
    const replies: Reply[] = [
      { status: 202, body: { json: { accepted: 1 } } },
      { status: 200, body: { html: '<p>Hello</p>' } },
      { status: 204 },
    ];
    const types = [];
    for (const reply of replies) {
      handle = async () => reply;
      const response = await call({ method: 'POST' });
      expect(response.status).to.equal(reply.status);
      types.push(response.headers.get('content-type'));
    }
    expect(types).to.deep.equal(['application/json; charset=utf-8', 'text/html; charset=utf-8', null]);
  });
});

describe('the composition of a function', () => {
  it('happens once, with the first request, and again only while the configuration has faults', async () => {
    let attempts = 0;
    const handler = onRequest({
      methods: ['GET'],
      maxBody: 0,
      compose() {
        attempts += 1;
        if (attempts === 1) throw new Error('the configuration has faults');
        return { attempts };
      },
      handle: async (_request, composed) => ({ status: 200, body: { json: composed } }),
      refuse: (_error, _request, composed) => ({ status: composed === undefined ? 500 : 501 }),
    });
    http('composed', handler);
    const server = getTestServer('composed').listen(0);
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      expect((await fetch(url)).status).to.equal(500);
      expect(await (await fetch(url)).json()).to.deep.equal({ attempts: 2 });
      expect(await (await fetch(url)).json()).to.deep.equal({ attempts: 2 });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
