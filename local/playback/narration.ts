import { styleText } from 'node:util';
import type { Choice } from '../../functions/src/domain/subscription.ts';
import type { WebhookEvent } from '../sendgrid/webhook-events.ts';
import {
  isCustomerLog,
  isMessageLog,
  isOutreachLog,
  type CustomerLog,
  type FailureLog,
  type FunctionLog,
  type MessageLog,
  type OutreachLog,
} from '../stack/function-logs.ts';

type Recorded = Extract<MessageLog, { event: 'transaction-recorded' }>;

/**
 * Tells each purchase's story in one line, once it is over. A purchase and the decision about its buyer are logged by
 * two functions, in any order; the oldest of the one is joined to the oldest of the other. What becomes of an email
 * afterwards is told in lines of its own. Pseudonyms only.
 */
export class Narration {
  readonly #print: (line: string) => void;
  readonly #recorded = new Map<string, Recorded[]>();
  readonly #decided = new Map<string, OutreachLog[]>();
  /** `{customerId} {transactions}` of every decision about a purchase. */
  readonly #decisions = new Set<string>();

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  observe(log: FunctionLog): void {
    if (isOutreachLog(log)) {
      this.#decide(log);
    } else if (isCustomerLog(log)) {
      this.#print(deedOf(log));
    } else if (!isMessageLog(log)) {
      this.#print(failure(log));
    } else if (log.event === 'transaction-recorded' && log.customerId !== undefined) {
      queueOf(this.#recorded, log.customerId).push(log);
      this.#join(log.customerId);
    } else {
      this.#print(endOf(log));
    }
  }

  /** What has become of an email, once `recordDelivery` knows it. */
  observeEmail({ event, emailId }: WebhookEvent): void {
    const what = becomes[event];
    if (what === undefined || typeof emailId !== 'string') return;
    const [customerId = '', sequence = ''] = emailId.split('~');
    this.#print(`${' '.repeat(HEADING)}${who(customerId)}  email ${sequence} ${what}`);
  }

  /** Signing up and late attempts are followed by decisions too: only the first one on each purchase is its own. */
  #decide(log: OutreachLog): void {
    const { customerId, transactions } = log;
    const decision = `${customerId} ${transactions}`;
    const isWaitedFor = queueOf(this.#recorded, customerId).length > 0;
    const isAboutPurchase = isWaitedFor || !isUnmoved(log);
    if (isAboutPurchase && !this.#decisions.has(decision)) {
      this.#decisions.add(decision);
      queueOf(this.#decided, customerId).push(log);
      this.#join(customerId);
    } else if (log.event !== 'outreach-skipped') {
      this.#print(`${' '.repeat(HEADING)}${who(customerId)}  ${inWords(log)}`);
    }
  }

  #join(customerId: string): void {
    const recorded = queueOf(this.#recorded, customerId);
    const decided = queueOf(this.#decided, customerId);
    const [purchase] = recorded;
    const [decision] = decided;
    if (purchase === undefined || decision === undefined) return;
    recorded.shift();
    decided.shift();
    this.#print(`${heading(purchase.messageId, purchase.source)}${who(customerId)}  ${inWords(decision)}`);
  }
}

/** Whether nothing had been bought. */
function isUnmoved(log: OutreachLog): boolean {
  return log.event === 'outreach-skipped' && log.reason === 'no-new-transaction';
}

function queueOf<T>(queues: Map<string, T[]>, customerId: string): T[] {
  const queue = queues.get(customerId) ?? [];
  queues.set(customerId, queue);
  return queue;
}

/** What is worth telling of an email, by the event of SendGrid that tells it. */
const becomes: Readonly<Record<string, string>> = {
  deferred: styleText('yellow', 'deferred'),
  delivered: styleText('green', 'delivered'),
  dropped: styleText('red', 'dropped'),
  bounce: styleText('red', 'bounced'),
  open: styleText('green', 'opened'),
  click: styleText('green', 'clicked'),
  spamreport: styleText('red', 'reported as spam'),
  unsubscribe: styleText('yellow', 'unsubscribed from'),
};

/** How many columns the heading of a line takes. */
const HEADING = 21;

function heading(messageId: string, source: string): string {
  return `${styleText('dim', messageId.padStart(5))}  ${source.padEnd(14)}`;
}

/** The beginning of a pseudonym is enough to recognise who came back. */
function who(customerId: string): string {
  return styleText('dim', `customer ${customerId.slice(0, 6)}`);
}

/** The story of a purchase that no decision follows. */
function endOf(log: MessageLog): string {
  switch (log.event) {
    case 'transaction-recorded':
      return `${heading(log.messageId, log.source)}recorded; without an email address nobody can be written to`;
    case 'transaction-duplicate':
      return `${heading(log.messageId, log.source)}${styleText('yellow', 'came before')}; nothing changed`;
    case 'message-quarantined': {
      const what = `${styleText('magenta', `quarantined: ${log.reason}`)}  ${log.details.join('; ')}`;
      return `${heading(log.messageId, '')}${what}`;
    }
  }
}

function inWords(log: OutreachLog): string {
  switch (log.event) {
    case 'outreach-skipped':
      return styleText('yellow', `no email: ${log.reason}`);
    case 'email-accepted': {
      const author = log.contentSource === 'analytics' ? 'chosen by Analytics' : 'from the static catalogue';
      return `${styleText('green', 'email sent')}: ${log.template ?? ''}, ${author}`;
    }
    case 'email-deferred':
    case 'email-rejected':
    case 'email-unknown':
      return `${styleText('red', log.event.replace('-', ' '))}: ${log.reason ?? ''}`;
  }
}

/** What a customer did, or what became of it. */
function deedOf(log: CustomerLog): string {
  const customer = who(log.customerId);
  switch (log.event) {
    case 'engagement-recorded':
      return `${heading(log.messageId, 'app')}${customer}  ${styleText('cyan', log.type)}`;
    case 'conversion-credited': {
      const email = log.emailId.slice(log.emailId.lastIndexOf('~') + 1);
      return `${heading('', '')}${customer}  ${styleText('green', 'won')}: the sign-up is credited to email ${email}`;
    }
    case 'first-steps-skipped':
      return `${heading('', '')}${customer}  ${styleText('yellow', `no first steps: ${log.reason}`)}`;
    case 'unsubscribed':
      return `${heading('', log.how)}${customer}  ${styleText('cyan', choicesInWords[log.choice])}`;
  }
}

const choicesInWords: Readonly<Record<Choice, string>> = {
  stop: 'wants no more emails',
  pause: 'wants a pause in the emails',
  undo: 'wants emails again',
};

function failure({ event, error, messageId, customerId }: FailureLog): string {
  const about = messageId ?? customerId?.slice(0, 6) ?? '';
  return styleText('red', `${about.padStart(5)}  ${event}: ${error}`);
}
