/** The sample customers. They are the same each time. */
import type { Firestore } from '@google-cloud/firestore';
import { histories } from './histories.ts';
import { buyer } from './people.ts';
import { Random } from './random.ts';
import { writeHistory } from './write-history.ts';

const SEED = 20260115;
const MOMENT = Date.UTC(2026, 0, 15, 12);

/** @returns how many customers it wrote. */
export async function writeCustomers(firestore: Firestore): Promise<number> {
  const random = new Random(SEED);
  let number = 0;
  for (const history of histories) {
    for (let count = 0; count < history.customers; count += 1) {
      number += 1;
      await writeHistory(firestore, history, buyer(number, random), MOMENT, random);
    }
  }
  return number;
}
