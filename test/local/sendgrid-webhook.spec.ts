import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import type { SendMailOptions } from 'nodemailer';
import { webhookVerifier } from '../../functions/src/adapters/sendgrid/webhook-signature.ts';
import { startSendgridStandIn, type SendgridStandIn } from '../../local/stand-ins/sendgrid/stand-in.ts';
import { webhookEvent, type WebhookEvent } from '../../local/stand-ins/sendgrid/webhook-events.ts';
import { Webhook } from '../../local/stand-ins/sendgrid/webhook.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const apiKey = 'SG.stand-in';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const joinLink = 'https://farmacy.example/join?a=1&b=2';

describe('the webhook of the SendGrid stand-in', () => {
  let receiver: WebhookReceiver;
  let standIn: SendgridStandIn;
  let inbox: SendMailOptions[];
  beforeEach(async () => {
    receiver = await startWebhookReceiver();
    inbox = [];
    standIn = await startSendgridStandIn({
      apiKey,
      webhook: { url: receiver.url, privateKey },
      inbox: { deliver: async (email) => void inbox.push(email) },
    });
  });
  afterEach(async () => {
    await standIn.close();
    await receiver.close();
  });

  const call = (method: string, path: string, body: unknown) =>
    fetch(`${standIn.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const send = async (emailId: string, address = 'ann@example.com', changes: object = {}) => {
    const response = await call('POST', '/v3/mail/send', {
      personalizations: [{ to: [{ email: address }] }],
      from: { email: 'hello@farmacy.example' },
      subject: emailId,
      content: [
        { type: 'text/plain', value: joinLink },
        {
          type: 'text/html',
          value: `<html><body><a class="x" href="${joinLink.replace('&', '&amp;')}">Join</a></body></html>`,
        },
      ],
      custom_args: { emailId },
      categories: ['join'],
      ...changes,
    });
    expect(response.status).to.equal(202);
    return response.headers.get('x-message-id') ?? '';
  };
  /** What is told of an email, once all is told. */
  async function told(emailId: string): Promise<string[]> {
    await standIn.reported();
    return receiver
      .events()
      .filter((event) => event['emailId'] === emailId)
      .map(({ event }) => event);
  }
  function inboxHtml(subject: string): string | undefined {
    const html = inbox.find((email) => email.subject === subject)?.html;
    return typeof html === 'string' ? html : undefined;
  }
  const linkIn = (html: string | undefined) =>
    (/href="([^"]+)"/u.exec(html ?? '')?.[1] ?? '').replaceAll('&amp;', '&');

  it('reports, signed as SendGrid signs, that every email was processed and delivered', async () => {
    const messageId = await send('c~1');
    await standIn.reported();
    const [request] = receiver.requests;
    const verify = webhookVerifier(createPublicKey(privateKey), 60_000, Date.now);
    expect(request && verify(request.signature, request.body)).to.equal('genuine');
    expect(request?.events.map(({ event }) => event)).to.deep.equal(['processed', 'delivered']);
    expect(request?.events[0]).to.include({
      email: 'ann@example.com',
      emailId: 'c~1',
      'smtp-id': `<${messageId}@sendgrid.stand-in>`,
    });
    expect(request?.events[0]?.['category']).to.deep.equal(['join']);
    expect(request?.events[0]?.['sg_message_id']).to.be.a('string').that.includes(messageId);
    expect(request?.events[0]?.['timestamp']).to.be.closeTo(Date.now() / 1000, 5);
  });

  it('reports opens and clicks in the inbox, and redirects clicks to the original link', async () => {
    await send('c~1');
    const html = inboxHtml('c~1');
    const link = linkIn(html);
    expect(link).to.match(/^http:\/\/127\.0\.0\.1:/u);
    const followed = await fetch(link, { redirect: 'manual', headers: { 'User-Agent': 'a browser' } });
    expect([followed.status, followed.headers.get('location')]).to.deep.equal([302, joinLink]);
    const pixel = await fetch(/<img src="([^"]+)"/u.exec(html ?? '')?.[1] ?? '');
    expect(pixel.headers.get('content-type')).to.equal('image/gif');

    expect(await told('c~1')).to.deep.equal(['processed', 'delivered', 'click', 'open']);
    const click = receiver.events().find(({ event }) => event === 'click');
    expect(click).to.include({ url: joinLink, useragent: 'a browser' });
  });

  it('follows no link of an unknown email', async () => {
    const unknown = await fetch(`${standIn.url}/ls/click?email=x&url=aHR0cHM6Ly9ldmlsLmV4YW1wbGU`, {
      redirect: 'manual',
    });
    expect(unknown.status).to.equal(404);
  });

  it('does not track an email that turns tracking off', async () => {
    const off = { enable: false };
    await send('c~1', 'ann@example.com', { tracking_settings: { click_tracking: off, open_tracking: off } });
    const html = inboxHtml('c~1');
    expect(linkIn(html)).to.equal(joinLink);
    expect(html).to.not.include('<img');
  });

  it('bounces emails to certain addresses, and drops later emails to them', async () => {
    await send('c~1', 'bounce@example.com');
    await send('c~2', 'Bounce@Example.com');
    await send('c~3', 'blocked+x@example.com');
    await send('c~4', 'blocked+x@example.com');
    await send('c~5', 'deferred@example.com');
    expect(await told('c~1')).to.deep.equal(['processed', 'bounce']);
    expect(await told('c~2')).to.deep.equal(['dropped']);
    expect(await told('c~3')).to.deep.equal(['processed', 'bounce']);
    expect(await told('c~4')).to.deep.equal(['processed', 'bounce']);
    expect(await told('c~5')).to.deep.equal(['processed', 'deferred', 'delivered']);
    const types = receiver.events().map(({ event, type, reason }) => [event, type ?? reason] as const);
    expect(types).to.deep.include.members([
      ['bounce', 'bounce'],
      ['bounce', 'blocked'],
      ['dropped', 'Bounced Address'],
    ]);
    expect(inboxHtml('c~1')).to.equal(undefined);
    expect(inboxHtml('c~5')).to.be.a('string');
  });

  it('reports requested events, and drops emails to an address that complained', async () => {
    await send('c~1');
    expect((await call('POST', '/stand-in/events', { emailId: 'c~1', event: 'spamreport' })).status).to.equal(
      204,
    );
    const open = { emailId: 'c~1', event: 'open', fields: { sg_machine_open: true } };
    expect((await call('POST', '/stand-in/events', open)).status).to.equal(204);
    await send('c~2');
    expect(await told('c~1')).to.deep.equal(['processed', 'delivered', 'spamreport', 'open']);
    expect(await told('c~2')).to.deep.equal(['dropped']);
    expect(receiver.events().at(-1)).to.include({ reason: 'Spam Reporting Address' });
    expect((await call('POST', '/stand-in/events', { emailId: 'c~9', event: 'open' })).status).to.equal(404);
    expect((await call('POST', '/stand-in/events', { emailId: 'c~1' })).status).to.equal(400);
  });

  it('duplicates and reorders events on request', async () => {
    expect((await call('PUT', '/stand-in/webhook', { copies: 0 })).status).to.equal(400);
    const disorder = { copies: 3, shuffled: true, batchSize: 5 };
    expect((await call('PUT', '/stand-in/webhook', disorder)).status).to.equal(204);
    const emailIds = Array.from({ length: 10 }, (_, index) => `c~${index + 1}`);
    for (const emailId of emailIds) await send(emailId);
    await standIn.reported();
    const names = receiver.events().map(({ event, emailId }) => `${event} ${String(emailId)}`);
    const expected = emailIds.flatMap((emailId) =>
      Array.from({ length: 3 }, () => [`processed ${emailId}`, `delivered ${emailId}`]),
    );
    expect(names).to.have.members(expected.flat());
    expect(names).to.not.deep.equal(expected.flat());
    expect(receiver.requests.every(({ events }) => events.length <= 5)).to.equal(true);
  });
});

describe('a webhook', () => {
  const event = (name: string): WebhookEvent =>
    webhookEvent(
      { email: 'ann@example.com', 'smtp-id': '', sg_message_id: '', category: [], customArgs: {} },
      [name],
      Date.now(),
    );

  it('posts refused events again with a new signature, and reports accepted events', async () => {
    const receiver = await startWebhookReceiver([503, 500]);
    const accepted: string[] = [];
    const webhook = new Webhook({
      url: receiver.url,
      privateKey,
      onAccepted: (events) => accepted.push(...events.map((each) => each.event)),
    });
    webhook.report(event('processed'));
    webhook.report(event('delivered'));
    await webhook.drained();
    await webhook.close();
    await receiver.close();
    expect(receiver.requests).to.have.length(3);
    expect(accepted).to.deep.equal(['processed', 'delivered']);
    expect(new Set(receiver.requests.map(({ signature }) => signature.signature))).to.have.property(
      'size',
      3,
    );
  });

  it('reports the last answer when nothing is accepted', async () => {
    const receiver = await startWebhookReceiver(Array.from({ length: 100 }, () => 403));
    const webhook = new Webhook({ url: receiver.url, privateKey });
    webhook.report(event('processed'));
    const failure: unknown = await webhook.drained(1_000).catch((error: unknown) => error);
    await webhook.close();
    await receiver.close();
    expect(failure)
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.matches(/^1 events .* it answered 403/u);
  });
});
