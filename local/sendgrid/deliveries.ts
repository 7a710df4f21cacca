import { fateOf, webhookEvent, type Happening, type SentEmail, type WebhookEvent } from './webhook-events.ts';

/** The reason that SendGrid gives for dropping further emails to an address, by what happened to an earlier one. */
const reasonsToDrop: Readonly<Record<string, string>> = {
  bounce: 'Bounced Address',
  spamreport: 'Spam Reporting Address',
  unsubscribe: 'Unsubscribed Address',
};

/** Everything that becomes of the emails that the stand-in has accepted. */
export class Deliveries {
  readonly #report: (event: WebhookEvent) => void;
  readonly #sent = new Map<string, SentEmail>();
  /** Reason by address, in small letters. */
  readonly #suppressed = new Map<string, string>();

  /** @param report is told all that happens. */
  constructor(report: (event: WebhookEvent) => void) {
    this.#report = report;
  }

  /** Takes an email on its way. Returns whether it arrives. */
  take(email: SentEmail): boolean {
    this.#sent.set(email.sg_message_id, email);
    const reason = this.#suppressed.get(email.email.toLowerCase());
    const happenings: readonly Happening[] =
      reason === undefined ? [['processed'], ...fateOf(email.email)] : [['dropped', { reason }]];
    for (const happening of happenings) this.#happens(email, happening);
    return happenings.some(([event]) => event === 'delivered');
  }

  /** Something more happens to an email; false when there is no such email. */
  happens(sgMessageId: string, happening: Happening): boolean {
    const email = this.#sent.get(sgMessageId);
    if (email !== undefined) this.#happens(email, happening);
    return email !== undefined;
  }

  /** The email that carries this ID in its `custom_args`, as SendGrid's events name it. */
  find(emailId: string): string | undefined {
    return [...this.#sent.values()].find(({ customArgs }) => customArgs['emailId'] === emailId)
      ?.sg_message_id;
  }

  #happens(email: SentEmail, happening: Happening): void {
    const [event, fields] = happening;
    const reason = reasonsToDrop[event];
    if (reason !== undefined && fields?.['type'] !== 'blocked') {
      this.#suppressed.set(email.email.toLowerCase(), reason);
    }
    this.#report(webhookEvent(email, happening, Date.now()));
  }
}
