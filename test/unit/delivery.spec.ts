import { expect } from 'chai';
import fc from 'fast-check';
import {
  humanClickedAt,
  reportsOf,
  suppressionsByCustomer,
  type DeliveryEvent,
  type DeliveryFacts,
  type DeliveryReport,
  type LinkKind,
} from '../../functions/src/domain/delivery.ts';
import { decodeDeliveryReport } from '../../functions/src/messages/delivery-event.ts';
import { emailIdOf, links, sendgridEvent, unsubscribeLink } from '../support/delivery-events.ts';
import { encoded, hour, now } from '../support/transactions.ts';

/** When the report arrives. */
const received = now + hour;

function decode(...events: unknown[]): DeliveryReport {
  const decoded = decodeDeliveryReport(encoded(events), links, received);
  if ('fault' in decoded) throw new Error(decoded.fault.message);
  return decoded;
}

describe('a delivery report of SendGrid', () => {
  const factsOf = (...events: unknown[]) => reportsOf(decode(...events).events)[0]?.delivery;
  const suppressedBy = (...events: unknown[]) => reportsOf(decode(...events).events)[0]?.suppressions;

  const facts: [string, Record<string, unknown>, DeliveryFacts][] = [
    ['processed', {}, { processedAt: now }],
    ['deferred', { response: '421 try again later', attempt: '5' }, { deferredAt: now }],
    ['delivered', { response: '250 OK' }, { deliveredAt: now }],
    ['dropped', { reason: 'Spam Content' }, { droppedAt: now }],
    ['bounce', { type: 'bounce', status: '5.1.1' }, { bouncedAt: now }],
    ['bounce', { type: 'blocked' }, { blockedAt: now }],
    ['bounce', { type: 'expired' }, { blockedAt: now }],
    ['bounce', {}, { bouncedAt: now }],
    ['open', { sg_machine_open: false }, { openedAt: now }],
    ['open', {}, { openedAt: now }],
    ['open', { sg_machine_open: true }, { machineOpenedAt: now }],
    ['click', { url: `${links.join}?from=email` }, { clicks: { join: { firstAt: now, lastAt: now } } }],
    ['click', { url: unsubscribeLink }, { clicks: { unsubscribe: { firstAt: now, lastAt: now } } }],
    [
      'click',
      { url: 'https://elsewhere.example/join' },
      { clicks: { other: { firstAt: now, lastAt: now } } },
    ],
    ['click', { url: 'no URL' }, { clicks: { other: { firstAt: now, lastAt: now } } }],
    ['spamreport', {}, { spamReportedAt: now }],
    ['unsubscribe', {}, { unsubscribedAt: now }],
    ['group_unsubscribe', { asm_group_id: 1 }, { unsubscribedAt: now }],
    ['group_resubscribe', { asm_group_id: 1 }, { resubscribedAt: now }],
  ];
  for (const [event, fields, expected] of facts) {
    it(`is decoded when it holds ${event} ${JSON.stringify(fields)}`, () => {
      expect(factsOf(sendgridEvent(event, 0, fields))).to.deep.equal(expected);
    });
  }

  it('names the change of the account, or calls it unknown', () => {
    const changed = (type: unknown) => ({ event: 'account_status_change', timestamp: now / 1000, type });
    const { accountChanges } = decode(
      changed('compliance_suspend'),
      changed('<b>ann@example.com</b>'),
      changed(1),
    );
    expect(accountChanges).to.deep.equal(['compliance_suspend', 'unknown', 'unknown']);
  });

  it('may hold events of other senders, events of unknown kinds and values that are not events', () => {
    const foreign = [
      undefined,
      7,
      'another-id',
      `${emailIdOf(1)}/x`,
      '../outreach/x~1',
      emailIdOf(1).replace('~1', '~0'),
    ];
    const { events, ...counts } = decode(
      ...foreign.map((emailId) => sendgridEvent('delivered', 0, { emailId })),
      sendgridEvent('teleported'),
      { event: 'delivered' },
      { event: 'delivered', timestamp: 'noon' },
      sendgridEvent('delivered', 0, { timestamp: 1e300 }),
      null,
      7,
      sendgridEvent('delivered'),
    );
    const delivered = { emailId: emailIdOf(1), customerId: emailIdOf(1).slice(0, 32), fact: 'deliveredAt' };
    expect(events).to.deep.equal([
      { ...delivered, occurredAt: received },
      { ...delivered, occurredAt: now },
    ]);
    expect(counts).to.deep.equal({
      foreign: foreign.length + 2,
      ignored: 3,
      unreadable: 2,
      accountChanges: [],
    });
  });

  for (const timestamp of [now / 1000, `${now / 1000}`, now, `${now}`, now / 1000 + 0.0005]) {
    it(`reads the time ${JSON.stringify(timestamp)}`, () => {
      const { events, unreadable } = decode(sendgridEvent('spamreport', 0, { timestamp }));
      expect(events).to.have.nested.property('[0].occurredAt', now);
      expect(unreadable).to.equal(0);
    });
  }

  for (const timestamp of [undefined, null, '', 'noon', -1, 0, 1e300, '1e999', {}, []]) {
    it(`takes the time of its arrival for ${JSON.stringify(timestamp)}, and suppresses all the same`, () => {
      const event = sendgridEvent('bounce', 0, { timestamp });
      expect(suppressedBy(event)).to.deep.equal({ bounced: received });
      expect(decode(event)).to.include({ unreadable: 1, ignored: 0 });
    });
  }

  for (const field of ['custom_args', 'unique_args']) {
    for (const nested of [
      { emailId: emailIdOf(1) },
      [
        { key: 'campaign', value: 7 },
        { key: 'emailId', value: emailIdOf(1) },
      ],
      [{ name: 'emailId', value: emailIdOf(1) }],
    ]) {
      it(`finds its email in ${field} ${JSON.stringify(nested)}`, () => {
        const { events } = decode(sendgridEvent('delivered', 0, { emailId: undefined, [field]: nested }));
        expect(events).to.have.nested.property('[0].emailId', emailIdOf(1));
      });
    }
  }

  it('is refused as a whole when it is not a list of events or too long', () => {
    const faultOf = (body: Buffer) => {
      const decoded = decodeDeliveryReport(body, links, received);
      return 'fault' in decoded ? decoded.fault.code : undefined;
    };
    expect(faultOf(Buffer.from('[{"event":'))).to.equal('invalid-json');
    expect(faultOf(Buffer.from([0xff, 0xfe]))).to.equal('invalid-json');
    expect(faultOf(encoded({ event: 'open' }))).to.equal('no-list');
    expect(faultOf(encoded(Array.from({ length: 10_000 }, () => 1)))).to.equal(undefined);
    expect(faultOf(encoded(Array.from({ length: 10_001 }, () => 1)))).to.equal('too-many-events');
  });

  it('suppresses a customer for a permanent failure or a complaint', () => {
    expect(suppressedBy(sendgridEvent('bounce', 0, { type: 'bounce' }))).to.deep.equal({ bounced: now });
    expect(suppressedBy(sendgridEvent('spamreport'))).to.deep.equal({ 'spam-report': now });
    expect(suppressedBy(sendgridEvent('unsubscribe'))).to.deep.equal({ unsubscribed: now });
    expect(suppressedBy(sendgridEvent('group_unsubscribe'))).to.deep.equal({ unsubscribed: now });
    for (const reason of ['Bounced Address', 'Unsubscribed Address', 'Spam Reporting Address', 'Invalid']) {
      expect(suppressedBy(sendgridEvent('dropped', 0, { reason })), reason).to.deep.equal({ dropped: now });
    }
  });

  it('does not suppress a customer for what is temporary or unrelated to the address', () => {
    const reasons = [
      'Invalid SMTPAPI header',
      'Spam Content',
      'Recipient List over Package Quota',
      undefined,
    ];
    const harmless = [
      ...reasons.map((reason) => sendgridEvent('dropped', 0, { reason })),
      sendgridEvent('bounce', 0, { type: 'blocked' }),
      ...['processed', 'deferred', 'delivered', 'open', 'group_resubscribe'].map((event) =>
        sendgridEvent(event),
      ),
      sendgridEvent('click', 0, { url: unsubscribeLink }),
    ];
    for (const event of harmless) expect(suppressedBy(event), JSON.stringify(event)).to.deep.equal({});
  });

  it('keeps the first time of each fact, and the last time of clicks too', () => {
    const click = (seconds: number) => sendgridEvent('click', seconds, { url: links.join });
    const events = [sendgridEvent('open', 9), sendgridEvent('open', 3), click(8), click(4), click(6)];
    const [report] = reportsOf(decode(...events).events);
    expect(report).to.deep.include({ events: 5, heardOfAt: now + 3_000 });
    expect(report?.delivery).to.deep.equal({
      openedAt: now + 3_000,
      clicks: { join: { firstAt: now + 4_000, lastAt: now + 8_000 } },
    });
  });

  it('is summed up by email, and suppressions by customer', () => {
    const second = emailIdOf(1).replace('~1', '~2');
    const reports = reportsOf(
      decode(
        sendgridEvent('bounce', 5),
        sendgridEvent('bounce', 2, { emailId: second }),
        sendgridEvent('spamreport', 7, { emailId: second }),
        sendgridEvent('delivered', 0, { emailId: emailIdOf(2) }),
      ).events,
    );
    expect(reports.map(({ emailId }) => emailId)).to.deep.equal([emailIdOf(1), second, emailIdOf(2)]);
    expect([...suppressionsByCustomer(reports)]).to.deep.equal([
      [emailIdOf(1).slice(0, 32), { bounced: now + 2_000, 'spam-report': now + 7_000 }],
    ]);
  });
});

describe('a click', () => {
  const second = 1_000;
  const clicked = (...times: number[]) => ({
    firstAt: now + Math.min(...times),
    lastAt: now + Math.max(...times),
  });

  it('is human when not every link was clicked at once', () => {
    expect(humanClickedAt({ deliveredAt: now, clicks: { join: clicked(5 * second) } })).to.equal(
      now + 5 * second,
    );
    expect(humanClickedAt({ clicks: { other: clicked(second) } })).to.equal(now + second);
  });
  it('is a scanner’s when every link was clicked within seconds of delivery', () => {
    const clicks = { join: clicked(10 * second), unsubscribe: clicked(-2 * second), other: clicked(second) };
    expect(humanClickedAt({ deliveredAt: now, clicks })).to.equal(undefined);
  });
  it('is human when it follows the clicks of a scanner', () => {
    const clicks = { join: clicked(second, hour), unsubscribe: clicked(second) };
    expect(humanClickedAt({ deliveredAt: now, clicks })).to.equal(now + hour);
  });
  it('on the unsubscribe link does not count', () => {
    expect(humanClickedAt({ deliveredAt: now, clicks: { unsubscribe: clicked(hour) } })).to.equal(undefined);
  });
  it('does not exist without events', () => {
    expect(humanClickedAt({})).to.equal(undefined);
  });

  it('is human whenever it comes later than those of scanners, in any order of the events', () => {
    const event = { emailId: emailIdOf(1), customerId: 'c' };
    const delivered: DeliveryEvent = { ...event, fact: 'deliveredAt', occurredAt: now };
    const clicks = fc.array(
      fc.record({
        link: fc.constantFrom<LinkKind>('join', 'unsubscribe', 'other'),
        occurredAt: fc.integer({ min: 0, max: 40 }).map((seconds) => now + seconds * second),
      }),
      { maxLength: 8 },
    );
    const histories = clicks
      .map((all) => [
        delivered,
        ...all.map((click): DeliveryEvent => ({ ...event, fact: 'clicked', ...click })),
      ])
      .chain((events) => {
        const disorder = fc.shuffledSubarray(events, { minLength: events.length });
        return fc.record({ events: fc.constant(events), disorder });
      });
    const reported = (events: readonly DeliveryEvent[]) =>
      humanClickedAt(reportsOf(events)[0]?.delivery ?? {});
    fc.assert(
      fc.property(histories, ({ events, disorder }) => {
        expect(reported([...disorder, ...events])).to.equal(reported(events));
        const late = events.some(
          (each) =>
            each.fact === 'clicked' && each.link !== 'unsubscribe' && each.occurredAt > now + 10 * second,
        );
        if (late) expect(reported(events)).to.not.equal(undefined);
      }),
    );
  });
});
