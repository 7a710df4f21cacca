import type { Firestore } from '@google-cloud/firestore';

/** How customers are named in the terminal of the local stack: by their address in the local database. */
export class CustomerNames {
  readonly #firestore: Firestore;
  readonly #addresses = new Map<string, string>();

  constructor(firestore: Firestore) {
    this.#firestore = firestore;
  }

  /** Looks up the address of a customer, so that `of` knows it from now on. */
  async learn(customerId: string): Promise<void> {
    if (this.#addresses.has(customerId)) return;
    const customer = await this.#firestore.collection('customers').doc(customerId).get();
    const address = customer.get('email') as string | null | undefined;
    if (address) this.#addresses.set(customerId, address);
  }

  /** The address of a customer; the beginning of the pseudonym when the address is not known. */
  of(customerId: string): string {
    return this.#addresses.get(customerId) ?? shortPseudonym(customerId);
  }
}

/** The beginning of a pseudonym is enough to recognise a customer. */
export function shortPseudonym(customerId: string): string {
  return `customer ${customerId.slice(0, 6)}`;
}
