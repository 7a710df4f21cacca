import { randomUUID } from 'node:crypto';
import type { DocumentData } from '@google-cloud/firestore';
import type { LogLine } from '../../local/production/log-book.ts';
import type { GatedStack } from './gated-stack.ts';
import { purchaseOf, someBuyer, type Buyer } from './purchases.ts';
import { push } from './push.ts';
import { day, hour, minute } from './transactions.ts';

/** One buyer in a running stack, whose purchase a test follows to the end of its email. */
export class PurchaseScenario {
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

  /** Resolves when the purchase is recorded, or found to be a duplicate. */
  async #recorded(): Promise<void> {
    const isPurchase = ({ messageId, event }: LogLine) =>
      messageId === this.#messageId && event !== 'function-failed';
    await this.#stack.process('recordTransaction').logs.until(isPurchase);
  }

  /** Resolves when everything that the purchase started has ended. */
  async decided(): Promise<void> {
    await this.#recorded();
    await this.targeted(1);
    await this.#stack.eventarc.idle();
  }

  /** Resolves when `targetCustomer` has decided about the buyer this many times. */
  async targeted(times: number): Promise<void> {
    const isAboutBuyer = ({ customerId }: LogLine) => customerId === this.buyer.customerId;
    await this.#stack.process('targetCustomer').logs.until(isAboutBuyer, times);
  }

  /** Runs `resumeEmails`, as Cloud Scheduler does. @returns whether it succeeded. */
  async resume(): Promise<boolean> {
    const tick = { topic: 'resume-emails', messageId: randomUUID(), data: Buffer.from('due') };
    return (await push(this.#stack.process('resumeEmails'), tick)) === 204;
  }

  /**
   * Lets days pass, with runs of `resumeEmails` at the times when something is due.
   * @param webhook whether SendGrid's webhook reports the email if SendGrid has accepted it.
   */
  async passDays({ webhook }: { webhook: boolean }): Promise<void> {
    for (const pause of [10 * minute, 25 * hour, 25 * hour, 3 * day]) {
      if (webhook) await this.#reportDelivery();
      this.#stack.clock.advance(pause);
      if (!(await this.resume())) throw new Error('resumeEmails failed.');
    }
  }

  async #reportDelivery(): Promise<void> {
    const email = await this.email();
    if (email === undefined || (await this.acceptedCount()) === 0) return;
    await this.#document(`emails/${this.emailId}`).update({ heardOfAt: this.#stack.clock.now() });
  }

  /** How often SendGrid has accepted the email. */
  async acceptedCount(): Promise<number> {
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

  /** The number of documents of a collection that belong to the buyer. */
  async count(collection: 'transactions' | 'emails'): Promise<number> {
    const own = this.#stack.firestore.collection(collection).where('customerId', '==', this.buyer.customerId);
    return (await own.get()).size;
  }

  #document(path: string) {
    return this.#stack.firestore.doc(path);
  }
}
