import { expect } from 'chai';
import { stripVTControlCharacters } from 'node:util';
import { shortPseudonym } from '../../local/playback/customer-names.ts';
import { Narration } from '../../local/playback/narration.ts';
import type { FunctionLog } from '../../local/stack/function-logs.ts';

function narrated(observe: (narration: Narration) => void): string[] {
  const lines: string[] = [];
  const print = (line: string) => {
    lines.push(stripVTControlCharacters(line).trim().replaceAll(/ +/gu, ' '));
  };
  observe(new Narration(print, shortPseudonym));
  return lines;
}

const linesOf = (...logs: FunctionLog[]): string[] =>
  narrated((narration) => {
    for (const log of logs) narration.observe(log);
  });

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

describe('the narration of npm start', () => {
  it('joins a purchase and the decision about its buyer in one line, in either order', () => {
    const line = '4 mobile-app customer abcdef email sent: join, chosen by Analytics';
    expect(linesOf(recorded, sent)).to.deep.equal([line]);
    expect(linesOf(sent, recorded)).to.deep.equal([line]);
  });

  it('prints nothing about a purchase without a decision', () => {
    expect(linesOf(recorded)).to.deep.equal([]);
  });

  it('says why no email was sent', () => {
    const skipped: FunctionLog = {
      event: 'outreach-skipped',
      customerId: 'abcdef0123456789',
      transactions: 2,
      reason: 'cooldown',
    };
    expect(linesOf(recorded, skipped)).to.deep.equal(['4 mobile-app customer abcdef no email: cooldown']);
  });

  it('prints the events of an email that matter to a reader', () => {
    const lines = narrated((narration) => {
      for (const event of ['processed', 'delivered', 'click', 'teleported']) {
        narration.observeEmail({ event, emailId: 'abcdef0123456789~2' });
      }
      narration.observeEmail({ event: 'open' });
    });
    expect(lines).to.deep.equal(['customer abcdef email 2 delivered', 'customer abcdef email 2 clicked']);
  });

  it('does not confuse a decision after a sign-up with one about a purchase', () => {
    const unmoved: FunctionLog = {
      event: 'outreach-skipped',
      customerId: 'abcdef0123456789',
      transactions: 1,
      reason: 'no-new-transaction',
    };
    const engaged: FunctionLog = { ...unmoved, transactions: 2, reason: 'engaged' };
    const later: FunctionLog = { ...recorded, messageId: '9' };
    expect(linesOf(unmoved, recorded, sent, unmoved, later, unmoved, engaged)).to.deep.equal([
      '4 mobile-app customer abcdef email sent: join, chosen by Analytics',
      '9 mobile-app customer abcdef no email: engaged',
    ]);
  });

  it('prints that a later attempt succeeded', () => {
    const deferred: FunctionLog = {
      event: 'email-deferred',
      customerId: 'abcdef0123456789',
      transactions: 1,
      emailId: 'abcdef0123456789~1',
      reason: 'busy',
    };
    expect(linesOf(recorded, deferred, sent)).to.deep.equal([
      '4 mobile-app customer abcdef email deferred: busy',
      'customer abcdef email sent: join, chosen by Analytics',
    ]);
  });

  it('prints every result without a decision', () => {
    const lines = linesOf(
      { event: 'transaction-recorded', messageId: '1', source: 'smart-fridge' },
      { event: 'transaction-duplicate', messageId: '2', source: 'smart-fridge' },
      { event: 'reversal-ignored', messageId: '4', source: 'smart-fridge', reason: 'refund' },
      { event: 'message-quarantined', messageId: '3', reason: 'invalid-json', details: ['is not JSON'] },
      { event: 'function-failed', messageId: '5', error: 'Error: broken' },
    );
    expect(lines).to.deep.equal([
      '1 smart-fridge recorded; no email, because the email address is unknown',
      '2 smart-fridge duplicate; nothing changed',
      '4 smart-fridge refund; nothing changed',
      '3 quarantined: invalid-json is not JSON',
      '5 function-failed: Error: broken',
    ]);
  });

  it('prints what customers do and what follows from it', () => {
    const customerId = 'abcdef0123456789';
    const lines = linesOf(
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
      'page customer abcdef pauses emails',
    ]);
  });
});
