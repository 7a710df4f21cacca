import type { DocumentData, Firestore } from '@google-cloud/firestore';
import { expect } from 'chai';
import { minute } from '../transactions.ts';
import type { Move } from './moves.ts';
import type { Delivery } from './deliveries.ts';
import type { Simulation } from './simulation.ts';
import { finished, presentTime } from './virtual-world.ts';

/** More runs of `resumeEmails` than healthy operation ever needs to finish everything. */
const MOST_RUNS = 200;

/** By then, Firestore has ended the transactions of killed instances, which hold locks for 270 s at most. */
const locksEnded = 5 * minute;

const healthy: readonly Move[] = [
  { move: 'finish-all' },
  { move: 'pass-time', time: locksEnded },
  { move: 'set-fault-modes', sendgrid: 'accepting', analytics: 'answering' },
  { move: 'switch', isPaused: false },
];

/**
 * Ends all faults, delivers what was not acknowledged, and lets time pass until no email is open and no first steps are due.
 * Then it delivers all sign-ups once more: they are credited to what is known about the emails at that time.
 * @returns the documents at the end.
 */
export async function settle(simulation: Simulation, firestore: Firestore): Promise<Stored> {
  for (const move of healthy) await simulation.perform(move);
  await deliver(simulation, ({ acknowledged }) => !acknowledged);
  await finishOutreach(simulation);
  await deliver(simulation, ({ isSignUp }) => isSignUp);
  await finishOutreach(simulation);
  return storedIn(firestore);
}

async function deliver(simulation: Simulation, which: (delivery: Delivery) => boolean): Promise<void> {
  for (const delivery of simulation.deliveries.filter(which)) await simulation.deliver(delivery);
  await simulation.finishAll();
  const events = simulation.chronicle.customerEvents.filter(({ acknowledged }) => !acknowledged);
  for (const event of events) await simulation.notify(event);
  await simulation.finishAll();
}

async function finishOutreach(simulation: Simulation): Promise<void> {
  for (let run = 0; run < MOST_RUNS; run += 1) {
    const next = simulation.chronicle.nextDue();
    if (next === undefined) return;
    await simulation.passTime(Math.max(0, next - presentTime()) + minute);
    await simulation.resume();
    await simulation.finishAll();
  }
  expect.fail(`After ${MOST_RUNS} runs of resumeEmails, something is still open.`);
}

const collections = ['transactions', 'customers', 'outreach', 'emails', 'quarantine'] as const;

/** The documents of every collection by their IDs. */
export type Stored = Readonly<Record<(typeof collections)[number], ReadonlyMap<string, DocumentData>>>;

async function storedIn(firestore: Firestore): Promise<Stored> {
  const found = await finished(
    Promise.all(
      collections.map(async (name) => {
        const { docs } = await firestore.collection(name).get();
        return [name, new Map(docs.map((document) => [document.id, document.data()]))] as const;
      }),
    ),
  );
  return Object.fromEntries(found) as unknown as Stored;
}
