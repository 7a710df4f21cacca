import { styleText } from 'node:util';
import type { Choice } from '../../functions/src/domain/subscription.ts';
import type { WebhookEvent } from '../stand-ins/sendgrid/webhook-events.ts';
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
 * Prints one line for each purchase, when the decision about its buyer is known. Two functions log the purchase and the
 * decision, in any order; the oldest of one is joined with the oldest of the other. Events of emails get lines of their own.
 */
export class Narration {
  readonly #print: (line: string) => void;
  readonly #nameOf: (customerId: string) => string;
  readonly #recorded = new Map<string, Recorded[]>();
  readonly #decided = new Map<string, OutreachLog[]>();
  /** `{customerId} {transactions}` of every decision about a purchase. */
  readonly #decisions = new Set<string>();

  /** @param nameOf how a customer is named. */
  constructor(print: (line: string) => void, nameOf: (customerId: string) => string) {
    this.#print = print;
    this.#nameOf = nameOf;
  }

  observe(log: FunctionLog): void {
    if (isOutreachLog(log)) {
      this.#decide(log);
    } else if (isCustomerLog(log)) {
      this.#print(this.#customerLine(log));
    } else if (!isMessageLog(log)) {
      this.#print(failureLine(log));
    } else if (log.event === 'transaction-recorded' && log.customerId !== undefined) {
      queueOf(this.#recorded, log.customerId).push(log);
      this.#join(log.customerId);
    } else {
      this.#print(messageLine(log));
    }
  }

  /** Prints what has happened to an email. */
  observeEmail({ event, emailId }: WebhookEvent): void {
    const what = eventTexts[event];
    if (what === undefined || typeof emailId !== 'string') return;
    const [customerId = '', sequence = ''] = emailId.split('~');
    this.#print(`${heading('', '')}${this.#who(customerId)}  email ${sequence} ${what}`);
  }

  /** Sign-ups and later attempts lead to decisions too. Only the first decision on a purchase belongs to it. */
  #decide(log: OutreachLog): void {
    const { customerId, transactions } = log;
    const decision = `${customerId} ${transactions}`;
    const isAwaited = queueOf(this.#recorded, customerId).length > 0;
    const isAboutPurchase = isAwaited || !isAboutNoPurchase(log);
    if (isAboutPurchase && !this.#decisions.has(decision)) {
      this.#decisions.add(decision);
      queueOf(this.#decided, customerId).push(log);
      this.#join(customerId);
    } else if (log.event !== 'outreach-skipped') {
      this.#print(`${heading('', '')}${this.#who(customerId)}  ${decisionText(log)}`);
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
    const start = heading(purchase.messageId, purchase.source);
    this.#print(`${start}${this.#who(customerId)}  ${decisionText(decision)}`);
  }

  #customerLine(log: CustomerLog): string {
    const customer = this.#who(log.customerId);
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
        return `${heading('', log.how)}${customer}  ${styleText('cyan', choiceTexts[log.choice])}`;
    }
  }

  #who(customerId: string): string {
    return styleText('dim', this.#nameOf(customerId).padEnd(NAME));
  }
}

/** Whether the decision found no new purchase. */
function isAboutNoPurchase(log: OutreachLog): boolean {
  return log.event === 'outreach-skipped' && log.reason === 'no-new-transaction';
}

function queueOf<T>(queues: Map<string, T[]>, customerId: string): T[] {
  const queue = queues.get(customerId) ?? [];
  queues.set(customerId, queue);
  return queue;
}

/** The events of SendGrid that are printed. */
const eventTexts: Readonly<Record<string, string>> = {
  deferred: styleText('yellow', 'deferred'),
  delivered: styleText('green', 'delivered'),
  dropped: styleText('red', 'dropped'),
  bounce: styleText('red', 'bounced'),
  open: styleText('green', 'opened'),
  click: styleText('green', 'clicked'),
  spamreport: styleText('red', 'reported as spam'),
  unsubscribe: styleText('yellow', 'unsubscribed from'),
};

/** How many columns the name of a customer takes. */
const NAME = 28;

function heading(messageId: string, source: string): string {
  return `${styleText('dim', messageId.padStart(5))}  ${source.padEnd(14)}`;
}

/** The line of a message that no decision follows. */
function messageLine(log: MessageLog): string {
  switch (log.event) {
    case 'transaction-recorded':
      return `${heading(log.messageId, log.source)}recorded; no email, because the email address is unknown`;
    case 'transaction-duplicate':
      return `${heading(log.messageId, log.source)}${styleText('yellow', 'duplicate')}; nothing changed`;
    case 'reversal-ignored':
      return `${heading(log.messageId, log.source)}${styleText('yellow', log.reason)}; nothing changed`;
    case 'message-quarantined': {
      const what = `${styleText('magenta', `quarantined: ${log.reason}`)}  ${log.details.join('; ')}`;
      return `${heading(log.messageId, '')}${what}`;
    }
  }
}

function decisionText(log: OutreachLog): string {
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

const choiceTexts: Readonly<Record<Choice, string>> = {
  stop: 'wants no more emails',
  pause: 'pauses emails',
  undo: 'wants emails again',
};

function failureLine({ event, error, messageId, customerId }: FailureLog): string {
  const about = messageId ?? customerId?.slice(0, 6) ?? '';
  return styleText('red', `${about.padStart(5)}  ${event}: ${error}`);
}
