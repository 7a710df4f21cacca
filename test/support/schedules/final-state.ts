import type { DocumentData, Firestore } from '@google-cloud/firestore';
import { day } from '../transactions.ts';
import type { Simulation } from './simulation.ts';

/** Days of healthy operation after which no email may be open: more than the grace and the time to give up. */
const LONGEST_RECOVERY = 8;

/** Ends all faults, delivers what was not acknowledged, and resumes emails day by day until none is open. */
export async function settle(simulation: Simulation, firestore: Firestore): Promise<void> {
  await simulation.perform({ move: 'set-fault-modes', sendgrid: 'accepting', analytics: 'answering' });
  await simulation.finishAll();
  for (const purchase of simulation.published) if (!purchase.acknowledged) await simulation.deliver(purchase);
  await simulation.finishAll();
  await simulation.events.collect();
  for (const event of simulation.events.all) if (!event.acknowledged) await simulation.notify(event);
  await simulation.finishAll();
  for (let days = 0; days < LONGEST_RECOVERY; days += 1) {
    const open = await openEmails(firestore);
    if (open === 0) return;
    simulation.passTime(day);
    // Enough runs even where each takes up one email.
    for (let run = 0; run < open; run += 1) {
      await simulation.resume();
      await simulation.finishAll();
    }
  }
}

async function openEmails(firestore: Firestore): Promise<number> {
  return (await firestore.collection('emails').orderBy('dueAt').get()).size;
}

const collections = ['transactions', 'customers', 'outreach', 'emails', 'quarantine'] as const;

/** The documents of every collection by their IDs. */
export type Stored = Readonly<Record<(typeof collections)[number], ReadonlyMap<string, DocumentData>>>;

export async function storedIn(firestore: Firestore): Promise<Stored> {
  const found = await Promise.all(
    collections.map(async (name) => {
      const { docs } = await firestore.collection(name).get();
      return [name, new Map(docs.map((document) => [document.id, document.data()]))] as const;
    }),
  );
  return Object.fromEntries(found) as unknown as Stored;
}
