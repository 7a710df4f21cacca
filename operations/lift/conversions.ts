import type { Firestore } from '@google-cloud/firestore';
import type { Customer, Group } from '../../functions/src/domain/customer.ts';
import { streamOf } from '../target/queries.ts';
import type { Proportion } from './intervals.ts';
import type { Period } from './period.ts';

/** What is read of a customer: whether the first purchase led to a sign-up. */
export type FirstPurchase = Pick<Customer, 'group' | 'signedUpAt'> & { readonly firstTransactionAt: number };

/** How many customers signed up after their first purchase, by group. */
export interface Conversions extends Readonly<Record<Group, Proportion>> {
  /** Had signed up before they first bought. They count in neither group, because an email could not win them. */
  readonly signedUpBefore: number;
  /** Have not signed up, and still can within the window. */
  readonly stillOpen: number;
}

/**
 * Counts as intended to treat: all customers of a group, whether or not they got an email, because it is not chance that
 * decides who gets one. The same counts in both groups: a sign-up within the window after the first purchase.
 */
export class ConversionTally {
  readonly #window: number;
  readonly #now: number;
  readonly #counts = { outreach: { count: 0, total: 0 }, control: { count: 0, total: 0 } };
  #signedUpBefore = 0;
  #stillOpen = 0;

  /**
   * @param window in ms.
   * @param now epoch milliseconds.
   */
  constructor(window: number, now: number) {
    this.#window = window;
    this.#now = now;
  }

  add({ group, firstTransactionAt, signedUpAt = Infinity }: FirstPurchase): void {
    if (signedUpAt < firstTransactionAt) {
      this.#signedUpBefore += 1;
      return;
    }
    const inTime = signedUpAt <= firstTransactionAt + this.#window;
    this.#counts[group].total += 1;
    if (inTime) this.#counts[group].count += 1;
    else if (this.#now < firstTransactionAt + this.#window) this.#stillOpen += 1;
  }

  get conversions(): Conversions {
    return { ...this.#counts, signedUpBefore: this.#signedUpBefore, stillOpen: this.#stillOpen };
  }
}

/**
 * Counts the customers whose first purchase lies in the period. Costs one read for each.
 * @param window in ms.
 * @param now epoch milliseconds.
 */
export async function countConversions(
  firestore: Firestore,
  { from, until }: Period,
  window: number,
  now: number,
): Promise<Conversions> {
  const tally = new ConversionTally(window, now);
  const customers = firestore
    .collection('customers')
    .where('firstTransactionAt', '>=', from)
    .where('firstTransactionAt', '<', until)
    .select('group', 'firstTransactionAt', 'signedUpAt');
  for await (const customer of streamOf(customers)) tally.add(customer.data() as FirstPurchase);
  return tally.conversions;
}
