import {
  eventsFor,
  webhookEvent,
  type EmailEvent,
  type SentEmail,
  type WebhookEvent,
} from './webhook-events.ts';

/** The reason that SendGrid gives for dropping emails to an address, by the earlier event that causes it. */
const dropReasons: Readonly<Record<string, string>> = {
  bounce: 'Bounced Address',
  spamreport: 'Spam Reporting Address',
  unsubscribe: 'Unsubscribed Address',
};

/** The emails that the stand-in has accepted, and what happens to them. */
export class SentEmails {
  readonly #report: (event: WebhookEvent) => void;
  readonly #sent = new Map<string, SentEmail>();
  /** The reason, by address in lower case. */
  readonly #suppressed = new Map<string, string>();

  /** @param report is called for every event. */
  constructor(report: (event: WebhookEvent) => void) {
    this.#report = report;
  }

  /** Adds an email and reports its first events. Returns whether it is delivered. */
  add(email: SentEmail): boolean {
    this.#sent.set(email.sg_message_id, email);
    const reason = this.#suppressed.get(email.email.toLowerCase());
    const events: readonly EmailEvent[] =
      reason === undefined ? [['processed'], ...eventsFor(email.email)] : [['dropped', { reason }]];
    for (const event of events) this.#record(email, event);
    return events.some(([name]) => name === 'delivered');
  }

  /** Records another event of an email; false when there is no such email. */
  record(sgMessageId: string, event: EmailEvent): boolean {
    const email = this.#sent.get(sgMessageId);
    if (email !== undefined) this.#record(email, event);
    return email !== undefined;
  }

  /** The `sg_message_id` of the email with this ID in its `custom_args`. */
  find(emailId: string): string | undefined {
    return [...this.#sent.values()].find(({ customArgs }) => customArgs['emailId'] === emailId)
      ?.sg_message_id;
  }

  #record(email: SentEmail, event: EmailEvent): void {
    const [name, fields] = event;
    const reason = dropReasons[name];
    if (reason !== undefined && fields?.['type'] !== 'blocked') {
      this.#suppressed.set(email.email.toLowerCase(), reason);
    }
    this.#report(webhookEvent(email, event, Date.now()));
  }
}
