import type { DocumentData, Firestore } from '@google-cloud/firestore';
import { day } from '../transactions.ts';
import type { World } from './world.ts';

/** How many days of healthy running may pass until no email is open: the grace, the time to give up, and some. */
const PATIENCE = 8;

/** Everything works again: what was not acknowledged is delivered, and emails are resumed day by day. */
export async function bringToRest(world: World, firestore: Firestore): Promise<void> {
  await world.make({ move: 'weather', sendgrid: 'taking', analytics: 'answering' });
  await world.rush();
  for (const purchase of world.published) if (!purchase.acknowledged) await world.deliver(purchase);
  await world.rush();
  await world.events.collect();
  for (const event of world.events.all) if (!event.acknowledged) await world.notify(event);
  await world.rush();
  for (let days = 0; days < PATIENCE; days += 1) {
    const open = await openEmails(firestore);
    if (open === 0) return;
    world.pass(day);
    // Even a run that takes up one email at a time gets through them.
    for (let run = 0; run < open; run += 1) {
      await world.resume();
      await world.rush();
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
