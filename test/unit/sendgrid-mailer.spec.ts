import type { Socket } from 'node:net';
import { expect } from 'chai';
import { MailDev } from 'maildev';
import type { SendgridConfig } from '../../functions/src/adapters/sendgrid/http-client.ts';
import { sendgridMailer } from '../../functions/src/adapters/sendgrid/mailer.ts';
import type { SendOutcome } from '../../functions/src/domain/email.ts';
import type { OutgoingEmail } from '../../functions/src/ports.ts';
import { unusedUrl, httpAnswer, tcpServer, type TcpServer } from '../support/tcp-server.ts';

const now = Date.UTC(2026, 2, 2, 12);
const apiKey = 'SG.not-to-be-seen';

const email: OutgoingEmail = {
  emailId: 'c0ffee~1',
  to: 'ann@example.org',
  category: 'join',
  unsubscribeLink: 'https://farmacyfamily.com/unsubscribe?token=abc',
  subject: '¡Hola! 🥗',
  html: '<p>Hello</p>',
  text: 'Hello',
};

const config = {
  apiKey,
  region: 'global' as const,
  timeout: 200,
  sandbox: false,
  sender: { email: 'hello@farmacyfood.com', name: 'Farmacy Family' },
};

function mailer(changes: Partial<SendgridConfig>) {
  return sendgridMailer({ ...config, ...changes }, () => now);
}

describe('the SendGrid mailer', () => {
  const servers: TcpServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  /** The outcome when SendGrid handles the request in this way. */
  async function outcomeWhen(onRequest: (socket: Socket) => void, changes = {}): Promise<SendOutcome> {
    const server = await tcpServer(onRequest);
    servers.push(server);
    return mailer({ baseUrl: server.url, ...changes }).send(email);
  }
  const outcomeOf = (status: number, headers = {}, body = '', changes = {}) =>
    outcomeWhen((socket) => socket.write(httpAnswer(status, headers, body)), changes);

  const errors = (message: string, field: string | null = null) =>
    JSON.stringify({ errors: [{ message, field, help: null }] });
  const json = { 'content-type': 'application/json' };

  describe('sends a request', () => {
    let request = '';
    before(async () => {
      const server = await tcpServer((socket) => socket.write(httpAnswer(202)));
      await mailer({ baseUrl: server.url }).send(email);
      request = server.requests[0] ?? '';
      await server.close();
    });

    it('with the API key to the documented path', () => {
      expect(request).to.match(/^POST \/v3\/mail\/send HTTP\/1.1\r\n/u);
      expect(request).to.include(`Authorization: Bearer ${apiKey}\r\n`);
    });
    it('with exactly this email, text before HTML', () => {
      expect(JSON.parse(request.split('\r\n\r\n')[1] ?? '')).to.deep.equal({
        from: { email: 'hello@farmacyfood.com', name: 'Farmacy Family' },
        subject: '¡Hola! 🥗',
        personalizations: [
          {
            to: [{ email: 'ann@example.org' }],
            headers: {
              'List-Unsubscribe': '<https://farmacyfamily.com/unsubscribe?token=abc>',
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            },
          },
        ],
        content: [
          { type: 'text/plain', value: 'Hello' },
          { type: 'text/html', value: '<p>Hello</p>' },
        ],
        categories: ['join'],
        custom_args: { emailId: 'c0ffee~1' },
        mail_settings: { sandbox_mode: { enable: false } },
        tracking_settings: { subscription_tracking: { enable: false } },
      });
    });
    it('without the address or the unsubscribe link in its head', () => {
      expect(request.split('\r\n\r\n')[0]).to.not.match(/@|unsubscribe/iu);
    });
    it('over the same connection as the one before', async () => {
      const server = await tcpServer((socket) => socket.write(httpAnswer(202)));
      servers.push(server);
      const sender = mailer({ baseUrl: server.url });
      await sender.send(email);
      await sender.send(email);
      expect([server.requests.length, server.connections()]).to.deep.equal([2, 1]);
    });
  });

  describe('reports an email as accepted', () => {
    it('on a 202, with its message ID', async () => {
      expect(await outcomeOf(202, { 'x-message-id': 'm-1' })).to.deep.equal({
        kind: 'accepted',
        messageId: 'm-1',
      });
    });
    it('on a 202 without a message ID', async () => {
      expect(await outcomeOf(202)).to.deep.equal({ kind: 'accepted', messageId: '' });
    });
    it('on a 200 in sandbox mode', async () => {
      expect(await outcomeOf(200, {}, '', { sandbox: true })).to.deep.equal({
        kind: 'accepted',
        messageId: '',
      });
    });
  });

  describe('reports an email as refused', () => {
    for (const status of [400, 404, 405, 413, 415]) {
      it(`on a ${status}`, async () => {
        const outcome = await outcomeOf(status, json, errors('Bad Request'));
        expect(outcome.kind).to.equal('refused');
        expect(outcome).to.have.property('reason').that.includes(`SendGrid answered ${status}: Bad Request`);
      });
    }
    it('with the message and field of SendGrid, and without addresses', async () => {
      const body = errors(
        'We found [ann@example.org] twice, and "Ann" <ann@example.org>',
        'personalizations.0',
      );
      expect(await outcomeOf(400, json, body)).to.deep.equal({
        kind: 'refused',
        reason:
          'SendGrid answered 400: We found [[address]] twice, and "Ann" <[address]> (personalizations.0)',
      });
    });
    it('never for a faulty set-up, which says nothing about the email', async () => {
      for (const [status, advice] of [
        [401, 'API key'],
        [403, 'sender'],
      ] as const) {
        const outcome = await outcomeOf(status, json, errors('no'));
        expect(outcome.kind).to.equal('not-accepted');
        expect(outcome).to.have.property('reason').that.includes(advice);
      }
    });
    it('with any body', async () => {
      const reason = 'SendGrid answered 400: no reason given';
      expect(await outcomeOf(400, {}, '<h1>Bad</h1>')).to.deep.equal({ kind: 'refused', reason });
    });
    it('with a reason that fits a log line', async () => {
      const outcome = await outcomeOf(400, json, errors('long '.repeat(10_000)));
      expect(outcome).to.have.property('reason').with.lengthOf.at.most(500);
    });
  });

  describe('reports an email as not accepted', () => {
    for (const status of [408, 429, 500, 503]) {
      it(`on a ${status}`, async () => {
        expect(await outcomeOf(status)).to.deep.equal({
          kind: 'not-accepted',
          reason: `SendGrid answered ${status}: no reason given`,
        });
      });
    }
    it('when the connection is refused', async () => {
      const outcome = await mailer({ baseUrl: await unusedUrl() }).send(email);
      expect(outcome).to.deep.equal({
        kind: 'not-accepted',
        reason: 'SendGrid could not be reached (ECONNREFUSED)',
      });
    });
    it('when the host has no address', async () => {
      const outcome = await mailer({ baseUrl: 'http://sendgrid.invalid', timeout: 5_000 }).send(email);
      expect(outcome.kind).to.equal('not-accepted');
    });
    it('when the certificate is not trusted', async () => {
      const untrusted = new MailDev({
        smtp: 0,
        ip: '127.0.0.1',
        incomingSecure: true,
        disableWeb: true,
        silent: true,
      });
      const { smtp } = await untrusted.start();
      const outcome = await mailer({ baseUrl: `https://127.0.0.1:${smtp.getPort()}`, timeout: 5_000 }).send(
        email,
      );
      await untrusted.stop();
      expect(outcome.kind).to.equal('not-accepted');
      expect(outcome)
        .to.have.property('reason')
        .that.matches(/reached \(.*CERT/u);
    });
  });

  describe('takes the time to try again from', () => {
    const seconds = now / 1000;
    const cases: [string, Record<string, string>, number | undefined][] = [
      ['the reset of the rate limit', { 'x-ratelimit-reset': `${seconds + 30}` }, now + 30_000],
      ['a number of seconds', { 'retry-after': '120' }, now + 120_000],
      ['a date', { 'retry-after': new Date(now + 60_000).toUTCString() }, now + 60_000],
      [
        'the reset if there are seconds too',
        { 'x-ratelimit-reset': `${seconds + 30}`, 'retry-after': '5' },
        now + 30_000,
      ],
      [
        'the seconds if the reset is in the past',
        { 'x-ratelimit-reset': `${seconds - 1}`, 'retry-after': '5' },
        now + 5_000,
      ],
      ['nowhere when the time is too far away', { 'x-ratelimit-reset': `${seconds + 90_000}` }, undefined],
      ['nowhere when the time is in milliseconds', { 'x-ratelimit-reset': `${now + 1}` }, undefined],
      [
        'nowhere when the headers are invalid',
        { 'x-ratelimit-reset': 'soon', 'retry-after': '-1' },
        undefined,
      ],
    ];
    for (const [what, headers, retryAt] of cases) {
      it(what, async () => {
        const outcome = await outcomeOf(429, headers);
        expect(outcome.kind === 'not-accepted' ? outcome.retryAt : NaN).to.equal(retryAt);
      });
    }
  });

  describe('reports an ambiguous outcome', () => {
    const cases: Record<string, (socket: Socket) => void> = {
      'when the connection is reset': (socket) => socket.resetAndDestroy(),
      'when the connection ends': (socket) => socket.end(),
      'when there is no answer before the deadline': () => undefined,
      'when the answer is not HTTP': (socket) => socket.end('hello there\r\n\r\n'),
      'when the answer ends in its head': (socket) => socket.end('HTTP/1.1 202 Acc'),
      'when the answer ends in its body': (socket) =>
        socket.end(httpAnswer(202, { 'content-length': '9' }, 'x')),
      'when the answer never ends': (socket) => socket.write(httpAnswer(202, { 'content-length': '9' }, 'x')),
      'when the answer is huge': (socket) => socket.end(httpAnswer(202, {}, 'x'.repeat(300_000))),
      'on a redirect': (socket) => socket.write(httpAnswer(302, { location: 'http://127.0.0.1:1/' })),
      'on a 200 outside of sandbox mode': (socket) => socket.write(httpAnswer(200)),
      'on a 502 of a gateway': (socket) => socket.write(httpAnswer(502)),
      'on a 504 of a gateway': (socket) => socket.write(httpAnswer(504)),
    };
    for (const [when, behaviour] of Object.entries(cases)) {
      it(when, async () => {
        expect((await outcomeWhen(behaviour)).kind).to.equal('ambiguous');
      });
    }
    it('on a 202 in sandbox mode', async () => {
      expect((await outcomeOf(202, {}, '', { sandbox: true })).kind).to.equal('ambiguous');
    });
    it('when an answer arrives slowly beyond the deadline', async () => {
      const outcome = await outcomeWhen((socket) => {
        socket.write(httpAnswer(202, { 'content-length': '1000' }));
        const trickle = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => {
          clearInterval(trickle);
        });
      });
      expect(outcome).to.deep.equal({
        kind: 'ambiguous',
        reason: 'no proper answer from SendGrid (timeout)',
      });
    });
    it('without the address or the key', async () => {
      for (const behaviour of Object.values(cases)) {
        expect(JSON.stringify(await outcomeWhen(behaviour))).to.not.match(/SG\.|@/u);
      }
    });
  });
});
