import { Timestamp, type DocumentData, type Firestore } from '@google-cloud/firestore';
import { customerChange } from '../../../functions/src/adapters/firestore/customer-documents.ts';
import type { CustomerChange } from '../../../functions/src/domain/customer.ts';
import { decodeDocumentEvent } from '../../../functions/src/framework/document-event.ts';
import { documentEvent } from '../document-events.ts';

/** One write to a customer. */
export interface CustomerEvent {
  readonly customerId: string;
  readonly writtenAt: Timestamp;
  acknowledged: boolean;
}

/**
 * The events of the collection `customers`, one for each commit, as Eventarc delivers them. What a commit changed is read
 * from Firestore at the time of the commit and just before it, because a listener merges commits that follow each other
 * closely and Eventarc does not.
 */
export class CustomerEvents {
  readonly all: CustomerEvent[] = [];
  readonly #firestore: Firestore;
  readonly #transactionsSeen = new Set<string>();

  constructor(firestore: Firestore) {
    this.#firestore = firestore;
  }

  add(customerId: string, writtenAt: Timestamp): void {
    this.all.push({ customerId, writtenAt, acknowledged: false });
  }

  /** Adds an event for each transaction since the last call: each commit has created one document, at its own time. */
  async collect(): Promise<void> {
    const stored = await this.#firestore.collection('transactions').get();
    for (const transaction of stored.docs) {
      if (this.#transactionsSeen.has(transaction.id)) continue;
      this.#transactionsSeen.add(transaction.id);
      const customerId = transaction.get('customerId') as string | null;
      if (customerId !== null) this.add(customerId, transaction.createTime);
    }
  }

  async read({ customerId, writtenAt }: CustomerEvent): Promise<CustomerChange> {
    const [before, after] = await Promise.all([
      this.#customerAt(customerId, microsecondBefore(writtenAt)),
      this.#customerAt(customerId, writtenAt),
    ]);
    const written = customerChange(decodeDocumentEvent(documentEvent(customerId, after, before)));
    if (written === undefined) throw new Error('No customer was written at the time of this event.');
    return written;
  }

  async #customerAt(customerId: string, readTime: Timestamp): Promise<DocumentData | undefined> {
    const customer = this.#firestore.collection('customers').doc(customerId);
    const found = await this.#firestore.runTransaction((transaction) => transaction.get(customer), {
      readOnly: true,
      readTime,
    });
    return found.data();
  }
}

/** Firestore counts time in microseconds. */
function microsecondBefore({ seconds, nanoseconds }: Timestamp): Timestamp {
  return nanoseconds === 0
    ? new Timestamp(seconds - 1, 999_999_000)
    : new Timestamp(seconds, nanoseconds - 1000);
}
