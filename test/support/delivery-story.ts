import type { DocumentData } from '@google-cloud/firestore';
import type { LogLine } from '../../local/production/log-book.ts';
import type { FunctionName, GatedStack } from './gated-stack.ts';
import { purchaseOf, someBuyer, type Buyer } from './purchases.ts';
import { day, hour, minute } from './transactions.ts';

/** What a test tells of one buyer in a running stack: a purchase, what becomes of it, and its end. */
export class DeliveryStory {
  readonly buyer: Buyer = someBuyer();
  readonly #stack: GatedStack;
  #messageId = '';

  constructor(stack: GatedStack) {
    this.#stack = stack;
  }

  get emailId(): string {
    return `${this.buyer.customerId}~1`;
  }

  /** Publishes a purchase of the buyer. */
  async buy(): Promise<void> {
    this.#messageId = await this.#stack.publish(
      'transactions',
      purchaseOf(this.buyer, this.#stack.clock.now()),
    );
  }

  /** Resolves when the purchase has been recorded, or found recorded. */
  async recorded(): Promise<void> {
    await this.logged('recordTransaction', ({ messageId }) => messageId === this.#messageId);
  }

  /** Resolves when there is nothing left that the purchase has set off. */
  async decided(): Promise<void> {
    await this.recorded();
    await this.logged('targetCustomer', ({ customerId }) => customerId === this.buyer.customerId);
    await this.#stack.eventarc.idle();
  }

  async logged(functionName: FunctionName, matches: (line: LogLine) => boolean): Promise<LogLine[]> {
    return this.#stack.process(functionName).logs.until(matches);
  }

  /** Asks for a run of `resumeEmails`, as Cloud Scheduler does. @returns resolves when a run has ended since. */
  async askToResume(): Promise<() => Promise<void>> {
    const { logs } = this.#stack.process('resumeEmails');
    const isEnd = ({ event }: LogLine) => event === 'emails-resumed';
    const before = logs.all(isEnd).length;
    await this.#stack.publish('resume-emails', Buffer.from('due'));
    return async () => {
      await logs.until(isEnd, before + 1);
    };
  }

  /**
   * Lets days pass, with runs of `resumeEmails` at the times when something falls due.
   * @param webhookTellsTruth SendGrid's webhook tells of the email if SendGrid has accepted it.
   */
  async daysPass(webhookTellsTruth: boolean): Promise<void> {
    for (const pause of [10 * minute, 25 * hour, 25 * hour, 3 * day]) {
      if (webhookTellsTruth) await this.#webhookTells();
      this.#stack.clock.advance(pause);
      await (
        await this.askToResume()
      )();
    }
  }

  async #webhookTells(): Promise<void> {
    const email = await this.email();
    if (email === undefined || (await this.timesAccepted()) === 0) return;
    await this.#document(`emails/${this.emailId}`).update({ heardOfAt: this.#stack.clock.now() });
  }

  /** How often SendGrid has accepted the email. */
  async timesAccepted(): Promise<number> {
    const response = await fetch(`${this.#stack.services.sendgrid}/stand-in/accepted`);
    const { emailIds } = (await response.json()) as { emailIds: string[] };
    return emailIds.filter((id) => id === this.emailId).length;
  }

  async email(): Promise<DocumentData | undefined> {
    return (await this.#document(`emails/${this.emailId}`).get()).data();
  }

  async customer(): Promise<DocumentData | undefined> {
    return (await this.#document(`customers/${this.buyer.customerId}`).get()).data();
  }

  /** How many documents of a collection belong to the buyer. */
  async count(collection: 'transactions' | 'emails'): Promise<number> {
    const own = this.#stack.firestore.collection(collection).where('customerId', '==', this.buyer.customerId);
    return (await own.get()).size;
  }

  #document(path: string) {
    return this.#stack.firestore.doc(path);
  }
}
