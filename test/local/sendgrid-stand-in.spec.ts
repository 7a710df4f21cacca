import { expect } from 'chai';
import { sendgridMailer } from '../../functions/src/adapters/sendgrid/mailer.ts';
import { Inbox } from '../../local/stand-ins/sendgrid/inbox.ts';
import { freePorts } from '../../local/stack/ports.ts';
import { startSendgridStandIn, type SendgridStandIn } from '../../local/stand-ins/sendgrid/stand-in.ts';

const apiKey = 'SG.stand-in';

const request = {
  personalizations: [{ to: [{ email: 'ann@example.org', name: 'Ann' }] }],
  from: { email: 'hello@farmacyfood.com', name: 'Farmacy Family' },
  subject: 'Hello',
  content: [
    { type: 'text/plain', value: 'Hello in text' },
    { type: 'text/html', value: '<p>Hello in HTML</p>' },
  ],
  custom_args: { emailId: 'c0ffee~1' },
  categories: ['join'],
};
const [personalization] = request.personalizations;
const [text, html] = request.content;

interface Fault {
  readonly message: string;
  readonly field: string | null;
}

async function startInbox(capacity?: number): Promise<Inbox> {
  const [web = 0, smtp = 0] = await freePorts(2);
  return new Inbox({ web, smtp }, capacity);
}

describe('the SendGrid stand-in', function () {
  this.timeout(30_000);
  let mailbox: Inbox;
  let standIn: SendgridStandIn;
  before(async () => {
    mailbox = await startInbox();
    const verifiedSenders = ['farmacyfood.com', 'one@example.net'];
    standIn = await startSendgridStandIn({ apiKey, verifiedSenders, inbox: mailbox });
  });
  after(async () => {
    await standIn.close();
    await mailbox.close();
  });

  const jsonHeaders = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };

  function post(body: unknown, headers: Record<string, string> = jsonHeaders) {
    const isText = typeof body === 'string';
    const payload = isText ? body : body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
    return fetch(`${standIn.url}/v3/mail/send`, { method: 'POST', headers, body: payload });
  }

  async function faultsOf(response: Response): Promise<Fault[]> {
    return ((await response.json()) as { errors: Fault[] }).errors;
  }

  async function inbox(): Promise<{ id: string; subject: string; html: string; text: string }[]> {
    const response = await fetch(`${mailbox.url}/api/email`);
    return (await response.json()) as { id: string; subject: string; html: string; text: string }[];
  }

  async function sourceOf(subject: string): Promise<string> {
    const found = (await inbox()).find((email) => email.subject === subject);
    const response = await fetch(`${mailbox.url}/api/email/${found?.id ?? 'none'}/source`);
    return await response.text();
  }

  describe('refuses', () => {
    const wrongRequests: [string, Record<string, string>, unknown, number, string][] = [
      [
        'a request without a key',
        { 'content-type': 'application/json' },
        request,
        401,
        'Permission denied, wrong credentials',
      ],
      [
        'a request with another key',
        { ...jsonHeaders, authorization: 'Bearer SG.other' },
        request,
        401,
        'The provided authorization grant is invalid, expired, or revoked',
      ],
      [
        'another content type',
        { ...jsonHeaders, 'content-type': 'text/plain' },
        request,
        415,
        'Content-Type should be application/json.',
      ],
      ['what is not JSON', jsonHeaders, '{"from":', 400, 'Bad Request'],
      [
        'what is not UTF-8',
        jsonHeaders,
        Buffer.from('{"subject":"\u00E9"}', 'latin1'),
        415,
        'Invalid UTF8 in request',
      ],
      [
        'more than 30 MB',
        jsonHeaders,
        { ...request, subject: 'x'.repeat(30 * 1024 * 1024) },
        413,
        'The JSON payload you have included in your request is too large.',
      ],
    ];
    for (const [what, headers, body, status, message] of wrongRequests) {
      it(what, async () => {
        const response = await post(body, headers);
        expect(response.status).to.equal(status);
        expect(await faultsOf(response)).to.deep.equal([{ message, field: null, help: null }]);
      });
    }
    it('a sender that is not verified', async () => {
      const response = await post({ ...request, from: { email: 'who@example.com' } });
      expect(response.status).to.equal(403);
      expect((await faultsOf(response))[0])
        .to.include({ field: 'from' })
        .and.have.property('message')
        .that.includes('does not match a verified Sender Identity');
    });
    it('another method, and another address', async () => {
      expect((await fetch(`${standIn.url}/v3/mail/send`)).status).to.equal(405);
      expect((await fetch(`${standIn.url}/v3/templates`)).status).to.equal(404);
    });
  });

  describe('finds the fault when', () => {
    const people = (count: number, name: string) =>
      Array.from({ length: count }, (_, position) => ({ email: `${name}${position}@example.org` }));
    const to = (email: string) => ({ personalizations: [{ to: [{ email }] }] });
    const inThreeDays = Math.floor(Date.now() / 1000) + 72 * 60 * 60;

    const cases: [string, object, string | null, RegExp][] = [
      ['there are no personalizations', { personalizations: undefined }, 'personalizations', /is required/u],
      [
        'the personalizations are empty',
        { personalizations: [] },
        'personalizations',
        /at least one personal/u,
      ],
      [
        'there are more than 1,000 personalizations',
        { personalizations: people(1001, 'p').map((person) => ({ to: [person] })) },
        'personalizations',
        /limited to 1000 .* provided 1001/u,
      ],
      [
        'there are more than 1,000 recipients',
        { personalizations: [{ to: people(500, 'a'), cc: people(500, 'b'), bcc: people(1, 'c') }] },
        'personalizations',
        /limit of 1000 total recipients/u,
      ],
      ['there is no recipient', { personalizations: [{}] }, 'personalizations.0.to', /to array is required/u],
      [
        'the list of recipients is empty',
        { personalizations: [{ to: [] }] },
        'personalizations.0.to',
        /at least one/u,
      ],
      [
        'a recipient has no address',
        { personalizations: [{ to: [{ name: 'Ann' }] }] },
        'personalizations.0.to.0.email',
        /^The to email parameter is required\.$/u,
      ],
      ['an address has no domain', to('ann'), 'personalizations.0.to.0.email', /valid address/u],
      [
        'an address has no dot in its domain',
        to('ann@example'),
        'personalizations.0.to.0.email',
        /valid address/u,
      ],
      ['an address is not ASCII', to('añn@example.org'), 'personalizations.0.to.0.email', /valid address/u],
      [
        'an address is too long',
        to(`${'a'.repeat(320)}@b.org`),
        'personalizations.0.to.0.email',
        /320 characters/u,
      ],
      [
        'an address is repeated, in any case',
        { personalizations: [{ to: [{ email: 'a@b.org' }], cc: [{ email: 'A@b.org' }] }] },
        'personalizations.0',
        /first duplicate instance of \[A@b\.org\] in the personalizations\.0\.cc field/u,
      ],
      [
        'the type is wrong',
        to(['a@b.org'] as never),
        'personalizations.0.to.0.email',
        /Expected: string, given: array/u,
      ],
      ['there is no sender', { from: undefined }, 'from', /^The from object must be provided/u],
      [
        'the sender has no valid address',
        { from: { email: 'x' } },
        'from.email',
        /^The from email does not contain/u,
      ],
      ['there is no subject', { subject: undefined }, 'subject', /^The subject is required/u],
      ['the subject is empty', { subject: '' }, 'subject', /at least one character/u],
      ['there is no content', { content: undefined }, 'content', /content parameter is required/u],
      ['the content is empty', { content: [] }, 'content', /at least one defined content block/u],
      [
        'a part is empty',
        { content: [{ type: 'text/plain', value: '' }] },
        'content.0.value',
        /at least one character/u,
      ],
      ['a part has no type', { content: [{ value: 'x' }] }, 'content.0.type', /content type is required/u],
      ['HTML comes before text', { content: [html, text] }, 'content', /text\/plain needs to be first/u],
      ['a header is reserved', { headers: { 'Reply-To': 'x' } }, 'headers.Reply-To', /reserved keys/u],
      ['the name of a header has a space', { headers: { 'A b': 'x' } }, 'headers.A b', /empty spaces/u],
      [
        'a header is repeated, in any case',
        { headers: { 'X-A': 'x', 'x-a': 'y' } },
        'headers',
        /duplicate keys/u,
      ],
      ['the value of a header is no string', { headers: { 'X-A': 1 } }, 'headers.X-A', /must be strings/u],
      ['custom arguments are empty', { custom_args: {} }, 'custom_args', /cannot be empty/u],
      ['a custom argument is no string', { custom_args: { n: 1 } }, 'custom_args.n', /must be strings/u],
      [
        'custom arguments have more than 10,000 bytes together',
        {
          custom_args: { a: 'é'.repeat(2_500) },
          personalizations: [{ ...personalization, custom_args: { b: 'x'.repeat(5_000) } }],
        },
        'personalizations.0.custom_args',
        /10,000 bytes/u,
      ],
      [
        'there are 11 categories',
        { categories: people(11, 'c').map(({ email }) => email) },
        'categories',
        /limit of 10 .* provided 11/u,
      ],
      ['a category is repeated', { categories: ['a', 'b', 'a'] }, 'categories', /included a more than once/u],
      ['a category is too long', { categories: ['x'.repeat(256)] }, 'categories.0', /255 characters/u],
      ['a category is not ASCII', { categories: ['é'] }, 'categories.0', /non-ASCII/u],
      ['the time is no number', { send_at: 'noon' }, 'send_at', /Unix timestamp/u],
      ['the time is more than 72 hours away', { send_at: inThreeDays + 86_400 }, 'send_at', /72 hours/u],
      [
        'the sandbox is no switch',
        { mail_settings: { sandbox_mode: { enable: 'true' } } },
        'mail_settings.sandbox_mode.enable',
        /^The sandbox mode enable param should be a boolean value\.$/u,
      ],
      [
        'tracking is no switch',
        { tracking_settings: { click_tracking: { enable: 1 } } },
        'tracking_settings.click_tracking.enable',
        /^The click tracking enable param should be a boolean value\.$/u,
      ],
      ['a template of SendGrid is used', { template_id: 'd-1' }, 'template_id', /does not know this field/u],
    ];
    for (const [what, changes, field, message] of cases) {
      it(what, async () => {
        const response = await post({ ...request, ...changes });
        const faults = await faultsOf(response);
        expect([response.status, faults.map((fault) => fault.field)]).to.deep.equal([400, [field]]);
        expect(faults[0]?.message).to.match(message);
      });
    }
    it('there are several', async () => {
      const faults = await faultsOf(await post({ subject: '' }));
      expect(faults.map((fault) => fault.field)).to.deep.equal([
        'personalizations',
        'from',
        'subject',
        'content',
      ]);
      expect(faults[1])
        .to.have.property('help')
        .that.matches(/errors\.html#message\.from$/u);
    });
  });

  describe('accepts', () => {
    it('an email with an empty 202, a message ID, and the email in the inbox', async () => {
      const response = await post({ ...request, subject: '¡Hola, señora! 🥗' });
      expect([response.status, await response.text()]).to.deep.equal([202, '']);
      expect(response.headers.get('x-message-id')).to.match(/^[\w-]{20,}$/u);
      const [email] = (await inbox()).filter(({ subject }) => subject === '¡Hola, señora! 🥗');
      expect(email?.text.trim()).to.equal('Hello in text');
      expect(email?.html).to.include('Hello in HTML');
    });
    it('the headers that the recipient and the developer need', async () => {
      const link = `https://farmacyfamily.com/unsubscribe?token=${'x'.repeat(200)}`;
      const headers = {
        'List-Unsubscribe': `<${link}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      };
      const response = await post({
        ...request,
        subject: 'Headers',
        personalizations: [{ ...personalization, headers }],
      });
      const source = await sourceOf('Headers');
      expect(source).to.match(
        new RegExp(`^List-Unsubscribe:\\s+<${link.replaceAll(/[.?]/gu, '\\$&')}>\\r?$`, 'mu'),
      );
      expect(source).to.match(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/mu);
      expect(source).to.match(/^From: Farmacy Family <hello@farmacyfood\.com>\r?$/mu);
      expect(source).to.match(/^To: Ann <ann@example\.org>\r?$/mu);
      expect(source).to.match(/^X-Categories: join\r?$/mu);
      expect(source).to.match(/^X-Custom-Arg-emailId: c0ffee~1\r?$/imu);
      expect(source).to.include(response.headers.get('x-message-id'));
    });
    it('a separate subject and email for each personalization', async () => {
      const personalizations = ['First', 'Second'].map((subject) => ({
        to: [{ email: 'ann@example.org' }],
        subject,
      }));
      const { subject, ...shared } = request;
      expect((await post({ ...shared, personalizations })).status).to.equal(202);
      expect((await inbox()).map((email) => email.subject)).to.include.members(['First', 'Second']);
      expect(subject).to.be.a('string');
    });
    it('values at the limits', async () => {
      const categories = Array.from({ length: 10 }, (_, position) => `${position}`.padEnd(255, 'x'));
      expect(
        (await post({ ...request, categories, send_at: Math.floor(Date.now() / 1000) + 100 })).status,
      ).to.equal(202);
    });
    it('a verified address of another domain', async () => {
      expect((await post({ ...request, from: { email: 'One@example.net' } })).status).to.equal(202);
    });
    it('an email in sandbox mode with a 200, and delivers nothing', async () => {
      const response = await post({
        ...request,
        subject: 'In the sand',
        mail_settings: { sandbox_mode: { enable: true } },
      });
      expect([response.status, await response.text()]).to.deep.equal([200, '']);
      expect((await inbox()).map(({ subject }) => subject)).to.not.include('In the sand');
    });
    it('what our own mailer sends', async () => {
      const mailer = sendgridMailer({
        apiKey,
        region: 'global',
        baseUrl: standIn.url,
        timeout: 5_000,
        sandbox: false,
        sender: request.from,
      });
      const outcome = await mailer.send({
        emailId: 'c0ffee~2',
        to: 'ann@example.org',
        category: 'join',
        unsubscribeLink: 'https://farmacyfamily.com/unsubscribe?token=abc',
        subject: 'From the mailer',
        html: '<p>Hello</p>',
        text: 'Hello',
      });
      expect(outcome.kind).to.equal('accepted');
      expect(await sourceOf('From the mailer')).to.include(
        '<https://farmacyfamily.com/unsubscribe?token=abc>',
      );
    });
  });

  describe('makes planned faults', () => {
    const plan = (faults: unknown) =>
      fetch(`${standIn.url}/stand-in/faults`, {
        method: 'PUT',
        headers: jsonHeaders,
        body: JSON.stringify(faults),
      });
    const send = (emailId: string) => post({ ...request, custom_args: { emailId } });
    const broken = (emailId: string) =>
      send(emailId).then(
        () => false,
        () => true,
      );

    async function accepted(): Promise<{ count: number; emailIds: string[] }> {
      const response = await fetch(`${standIn.url}/stand-in/accepted`);
      return (await response.json()) as { count: number; emailIds: string[] };
    }

    it('with a status, as often as planned', async () => {
      const body = { errors: [{ message: 'too many requests', field: null, help: null }] };
      await plan([
        { status: 429, headers: { 'X-RateLimit-Reset': '1772452800' }, body, times: 2 },
        { status: 503 },
      ]);
      const answers = [await send('s~1'), await send('s~2'), await send('s~3'), await send('s~4')];
      expect(answers.map(({ status }) => status)).to.deep.equal([429, 429, 503, 202]);
      expect(answers[0]?.headers.get('x-ratelimit-reset')).to.equal('1772452800');
      expect(await answers[0]?.json()).to.deep.equal(body);
      expect((await accepted()).emailIds.filter((id) => id.startsWith('s~'))).to.deep.equal(['s~4']);
    });
    it('with a broken connection, before or after it has accepted the email', async () => {
      await plan([{ behaviour: 'reset' }, { behaviour: 'garbage' }, { behaviour: 'accept-then-reset' }]);
      const before = await accepted();
      expect([await broken('b~1'), await broken('b~2'), await broken('b~3')]).to.deep.equal([
        true,
        true,
        true,
      ]);
      const after = await accepted();
      expect(after.count).to.equal(before.count + 1);
      expect(after.emailIds.filter((id) => id.startsWith('b~'))).to.deep.equal(['b~3']);
    });
    it('with no answer', async () => {
      await plan([{ behaviour: 'hang' }]);
      const signal = AbortSignal.timeout(100);
      const silence = fetch(`${standIn.url}/v3/mail/send`, {
        method: 'POST',
        headers: jsonHeaders,
        body: JSON.stringify(request),
        signal,
      });
      expect(await silence.catch((error: unknown) => (error as Error).name)).to.equal('TimeoutError');
    });
    it('but refuses an invalid plan', async () => {
      const response = await plan([{ behaviour: 'explode' }]);
      expect([response.status, await response.text()]).to.deep.equal([400, '✖ Invalid input\n  → at [0]']);
    });
  });

  it('does not start on a port in use', async () => {
    const port = Number(new URL(standIn.url).port);
    const failure: unknown = await startSendgridStandIn({ apiKey, port }).catch((error: unknown) => error);
    expect(failure).to.have.property('code', 'EADDRINUSE');
  });

  it('frees its port although a client still waits for an answer', async () => {
    const first = await startSendgridStandIn({ apiKey });
    const port = Number(new URL(first.url).port);
    await fetch(`${first.url}/stand-in/faults`, {
      method: 'PUT',
      headers: jsonHeaders,
      body: JSON.stringify([{ behaviour: 'hang' }]),
    });
    const waiting = fetch(`${first.url}/v3/mail/send`, {
      method: 'POST',
      headers: jsonHeaders,
      body: '{}',
    }).catch(() => 'broken off');
    await fetch(`${first.url}/stand-in/accepted`);
    await first.close();
    expect(await waiting).to.equal('broken off');
    const second = await startSendgridStandIn({ apiKey, port });
    expect(second.url).to.equal(first.url);
    await second.close();
  });
});

describe('the inbox', function () {
  this.timeout(30_000);

  it('has a web page that loads nothing from the internet', async () => {
    const inbox = await startInbox();
    await inbox.deliver({ from: 'a@example.org', to: 'b@example.org', text: 'The page is up now.' });
    const response = await fetch(inbox.url, { headers: { accept: 'text/html' } });
    const page = await response.text();
    const script = /src="(?:\.\/)?([^"]+\.js)"/u.exec(page)?.[1] ?? 'none';
    const asset = await fetch(new URL(script, inbox.url));
    await asset.body?.cancel();
    await inbox.close();
    expect([response.status, asset.status]).to.deep.equal([200, 200]);
    expect(page).to.not.match(/(?:src|href)="(?:https?:)?\/\//u);
  });
  it('keeps only the newest emails', async () => {
    const inbox = await startInbox(2);
    for (const subject of ['one', 'two', 'three']) {
      await inbox.deliver({ from: 'a@example.org', to: 'b@example.org', subject, text: subject });
    }
    const emails = (await (await fetch(`${inbox.url}/api/email`)).json()) as { subject: string }[];
    await inbox.close();
    expect(emails.map(({ subject }) => subject)).to.have.members(['two', 'three']);
  });
});
