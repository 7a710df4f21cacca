import { expect } from 'chai';
import { stripVTControlCharacters } from 'node:util';
import { Narration } from '../../local/playback/narration.ts';
import type { FunctionLog } from '../../local/stack/function-logs.ts';

function toldOf(...logs: FunctionLog[]): string[] {
  const lines: string[] = [];
  const narration = new Narration((line) =>
    lines.push(stripVTControlCharacters(line).trim().replaceAll(/ +/gu, ' ')),
  );
  for (const log of logs) narration.observe(log);
  return lines;
}

const recorded: FunctionLog = {
  event: 'transaction-recorded',
  messageId: '4',
  source: 'mobile-app',
  customerId: 'abcdef0123456789',
};
const sent: FunctionLog = {
  event: 'email-accepted',
  customerId: 'abcdef0123456789',
  transactions: 1,
  emailId: 'abcdef0123456789~1',
  template: 'join',
  contentSource: 'analytics',
};

describe('telling what becomes of purchases', () => {
  it('joins a purchase and the decision about its buyer in one line, in either order', () => {
    const line = '4 mobile-app customer abcdef email sent: join, chosen by Analytics';
    expect(toldOf(recorded, sent)).to.deep.equal([line]);
    expect(toldOf(sent, recorded)).to.deep.equal([line]);
  });

  it('says nothing about a purchase that is not over', () => {
    expect(toldOf(recorded)).to.deep.equal([]);
  });

  it('tells why nobody was written to', () => {
    const skipped: FunctionLog = {
      event: 'outreach-skipped',
      customerId: 'abcdef0123456789',
      transactions: 2,
      reason: 'cooldown',
    };
    expect(toldOf(recorded, skipped)).to.deep.equal(['4 mobile-app customer abcdef no email: cooldown']);
  });

  it('tells what becomes of an email, as far as a person cares', () => {
    const lines: string[] = [];
    const narration = new Narration((line) => lines.push(stripVTControlCharacters(line).trim()));
    for (const event of ['processed', 'delivered', 'click', 'teleported']) {
      narration.observeEmail({ event, emailId: 'abcdef0123456789~2' });
    }
    narration.observeEmail({ event: 'open' });
    expect(lines).to.deep.equal(['customer abcdef  email 2 delivered', 'customer abcdef  email 2 clicked']);
  });

  it('takes no decision that follows a sign-up for one about a purchase', () => {
    const unmoved: FunctionLog = {
      event: 'outreach-skipped',
      customerId: 'abcdef0123456789',
      transactions: 1,
      reason: 'no-new-transaction',
    };
    const engaged: FunctionLog = { ...unmoved, transactions: 2, reason: 'engaged' };
    const later: FunctionLog = { ...recorded, messageId: '9' };
    expect(toldOf(unmoved, recorded, sent, unmoved, later, unmoved, engaged)).to.deep.equal([
      '4 mobile-app customer abcdef email sent: join, chosen by Analytics',
      '9 mobile-app customer abcdef no email: engaged',
    ]);
  });

  it('tells of an email that a later attempt got through', () => {
    const deferred: FunctionLog = {
      event: 'email-deferred',
      customerId: 'abcdef0123456789',
      transactions: 1,
      emailId: 'abcdef0123456789~1',
      reason: 'busy',
    };
    expect(toldOf(recorded, deferred, sent)).to.deep.equal([
      '4 mobile-app customer abcdef email deferred: busy',
      'customer abcdef email sent: join, chosen by Analytics',
    ]);
  });

  it('tells of everything that ends without a decision', () => {
    const lines = toldOf(
      { event: 'transaction-recorded', messageId: '1', source: 'smart-fridge' },
      { event: 'transaction-duplicate', messageId: '2', source: 'smart-fridge' },
      { event: 'message-quarantined', messageId: '3', reason: 'invalid-json', details: ['is not JSON'] },
      { event: 'function-failed', messageId: '5', error: 'Error: broken' },
    );
    expect(lines).to.deep.equal([
      '1 smart-fridge recorded; without an email address nobody can be written to',
      '2 smart-fridge came before; nothing changed',
      '3 quarantined: invalid-json is not JSON',
      '5 function-failed: Error: broken',
    ]);
  });

  it('tells of what customers do and what follows from it', () => {
    const customerId = 'abcdef0123456789';
    const lines = toldOf(
      { event: 'engagement-recorded', messageId: '7', customerId, type: 'signed-up' },
      { event: 'conversion-credited', customerId, emailId: `${customerId}~2` },
      { event: 'first-steps-skipped', customerId, reason: 'engaged' },
      { event: 'unsubscribed', customerId, choice: 'stop', how: 'one-click' },
      { event: 'unsubscribed', customerId, choice: 'pause', how: 'page' },
    );
    expect(lines).to.deep.equal([
      '7 app customer abcdef signed-up',
      'customer abcdef won: the sign-up is credited to email 2',
      'customer abcdef no first steps: engaged',
      'one-click customer abcdef wants no more emails',
      'page customer abcdef wants a pause in the emails',
    ]);
  });
});
