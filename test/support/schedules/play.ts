import type { Firestore } from '@google-cloud/firestore';
import { expect } from 'chai';
import { startFirestore } from '../../../local/cloud/firestore/server.ts';
import { Store } from '../../../local/cloud/firestore/store.ts';
import { Chronicle } from './chronicle.ts';
import { settle, type Stored } from './final-state.ts';
import type { Fact } from './history.ts';
import { Instances, unheldClient } from './instance.ts';
import type { Move, Schedule } from './moves.ts';
import { expectPromisesKept } from './promises.ts';
import { Simulation } from './simulation.ts';
import { directTransport, socketTransport } from './transports.ts';
import { coreEnvironment, resetWorld } from './virtual-world.ts';

/** What came of a schedule. */
export interface Played {
  readonly history: readonly Fact[];
  readonly stored: Stored;
  /** Of all writes with their times, all facts and all log lines. */
  readonly digest: string;
}

/** The store of the schedule that is played. */
let store = new Store(coreEnvironment);
const direct = directTransport(() => store);
const instances = new Instances(direct);
const outside = unheldClient(direct);

/** Plays one schedule against an empty Firestore. @throws AssertionError when a promise is broken. */
export async function playSchedule(schedule: Schedule): Promise<Played> {
  resetWorld(schedule.seed);
  store = new Store(coreEnvironment);
  return play(schedule, store, instances, outside);
}

/** The same, with each call over a socket. */
async function playOverSockets(schedule: Schedule): Promise<Played> {
  resetWorld(schedule.seed);
  const server = await startFirestore(0, coreEnvironment);
  const socket = socketTransport(server.address);
  try {
    return await play(
      schedule,
      server.store,
      new Instances(socket.transport),
      unheldClient(socket.transport),
    );
  } finally {
    socket.close();
    server.close();
  }
}

/** @throws AssertionError when a schedule ends otherwise over sockets than without. */
export async function expectSameOverSockets(schedule: Schedule, played: Played): Promise<void> {
  const again = await playOverSockets(schedule);
  expect(again.stored, 'the documents after the same schedule over sockets').to.deep.equal(played.stored);
  expect(again.history, 'what happened in the same schedule over sockets').to.deep.equal(played.history);
}

async function play(
  { rules, moves, withFaults }: Schedule,
  target: Store,
  functions: Instances,
  client: Firestore,
): Promise<Played> {
  const chronicle = new Chronicle();
  target.onWrite((change) => chronicle.write(change));
  const simulation = new Simulation(rules, chronicle, functions, client);
  for (const move of withFaults ? moves : moves.flatMap(alone)) await simulation.perform(move);
  const stored = await settle(simulation, client);
  expectPromisesKept(simulation, stored, rules, withFaults);
  return { history: chronicle.history, stored, digest: chronicle.digest() };
}

const aloneMoves: readonly Move['move'][] = ['pass-time', 'choose', 'report', 'resume', 'switch'];

/** Without faults, these moves meet no run, and no run overtakes them. */
function alone(move: Move): Move[] {
  const finishAll: Move = { move: 'finish-all' };
  return aloneMoves.includes(move.move) ? [finishAll, move, finishAll] : [move];
}
