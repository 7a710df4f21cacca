/** The sample customers. They are the same each time. */
import type { Firestore } from '@google-cloud/firestore';
import { histories } from './histories.ts';
import { Random } from './random.ts';
import { seedCustomer, writeHistory } from './write-history.ts';

const SEED = 20260115;
const MOMENT = Date.UTC(2026, 0, 15, 12);

/** @returns how many customers it wrote. */
export async function writeCustomers(firestore: Firestore): Promise<number> {
  const random = new Random(SEED);
  const customers = histories
    .flatMap((history) => Array.from({ length: history.customers }, () => history))
    .map((history, index) => seedCustomer(history, index + 1, MOMENT, random));
  await Promise.all(customers.map((customer) => writeHistory(firestore, customer, MOMENT)));
  return customers.length;
}
