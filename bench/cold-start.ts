/** How long an instance takes from its start to its first answer, beside instances that do nothing. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { functionNamed, readManifest, type DeployedFunction } from '../functions/manifest.ts';
import { registerTrigger } from '../local/production/firestore.ts';
import { startNeighbours, type Closers } from '../local/production/neighbours.ts';
import { createTopics } from '../local/production/pubsub.ts';
import { pushSubscriptions } from '../functions/subscriptions.ts';
import { pubsubClient } from '../local/stack/clients.ts';
import { functionsEnvironment, randomKeys } from '../local/stack/environment.ts';
import { pushOf } from './calls.ts';
import { writeReferences } from './reference-functions.ts';
import { Customer, story, type Surroundings } from './cold-start-story.ts';
import { timeToFirstAnswer, type Instance } from './first-answer.ts';
import { spreadOf, type Spread } from './statistics.ts';

export interface ColdStartOptions {
  /** How often every function is started. */
  readonly runs: number;
  /** The deployed files, with their packages. Compiled code is added, as the build of a deployment does. */
  readonly folder: string;
  /** Told how many runs are done. */
  readonly onProgress?: (done: number) => void;
  /** Aborting it ends the measurement before the next instance starts, and leaves nothing running. */
  readonly signal?: AbortSignal;
}

/** What was measured of one function. Times are in ms, from the start of the process to the end of its first answer. */
export interface ColdStart {
  readonly name: string;
  readonly time: Spread;
  /** A function that does nothing, called in the same way. */
  readonly bare: Spread;
  /** Of the medians. */
  readonly ratio: number;
}

export interface ColdStarts {
  /** In the order of functions.yaml. */
  readonly functions: readonly ColdStart[];
  /** One that loads Firestore's client up front, as it is installed, and creates one document. */
  readonly naive: ColdStart;
}

/** Times by the name of a function, those to compare with included. */
type Times = Map<string, number[]>;

/**
 * Starts every function `runs` times with what it really gets first, each beside one that does nothing.
 * @throws Error with the last words of an instance that does not answer 2xx.
 */
export async function measureColdStarts(options: ColdStartOptions): Promise<ColdStarts> {
  const { runs, folder, onProgress, signal } = options;
  const { functions } = readManifest();
  const untold = functions.find(({ name }) => !(name in story));
  if (untold !== undefined)
    throw new Error(`bench/cold-start-story.ts does not say what ${untold.name} gets.`);
  const closers: Closers = [];
  try {
    await promisify(execFile)(process.execPath, ['warm-up.mjs'], { cwd: folder });
    const stage = await setUp(functions, folder, closers);
    await playOnce(stage, signal);
    const times: Times = new Map();
    for (let run = 1; run <= runs; run += 1) {
      for (const [name, time] of await playOnce(stage, signal)) {
        times.set(name, [...(times.get(name) ?? []), ...time]);
      }
      onProgress?.(run);
    }
    return summaryOf(functions, times);
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

interface Stage extends Surroundings {
  /** Folders of the functions that are deployed, and of those to compare with. */
  readonly folder: string;
  readonly references: string;
  readonly env: Readonly<Record<string, string>>;
}

async function setUp(
  functions: readonly DeployedFunction[],
  folder: string,
  closers: Closers,
): Promise<Stage> {
  const { eventarc, services, pubsubHost, environmentFor } = await startNeighbours(closers);
  for (const definition of functions) await registerTrigger(services.firestore, definition);
  const pubsub = pubsubClient(pubsubHost);
  closers.push(() => pubsub.close());
  await createTopics(pubsub, pushSubscriptions(functions));
  const references = await writeReferences();
  closers.push(() => references.remove());
  const keys = randomKeys();
  // SendGrid's stand-in takes no key but its own.
  const { SENDGRID_API_KEY, ...own } = functionsEnvironment(keys, services);
  return {
    eventarc,
    keys,
    folder,
    references: references.folder,
    env: { ...environmentFor(services), ...own },
  };
}

/** The story once, and before each function one that does nothing. */
async function playOnce(stage: Stage, signal?: AbortSignal): Promise<Times> {
  const { folder, references, env } = stage;
  const times: Times = new Map();
  const take = async (instance: Instance, call = pushOf('bare', Buffer.from('{}'))): Promise<void> => {
    signal?.throwIfAborted();
    const time = await timeToFirstAnswer(instance, call);
    times.set(instance.target, [...(times.get(instance.target) ?? []), time]);
  };
  const customer = new Customer();
  for (const [target, tell] of Object.entries(story)) {
    const definition = functionNamed(target);
    const { signature, bare } = kindOf(definition);
    await take({ folder: references, target: bare, signature, env: {} });
    const own = { ...definition.environmentVariables, ...env };
    await take({ folder, target, signature, env: own }, await tell(customer, stage));
  }
  await take({ folder: references, target: 'naive', signature: 'cloudevent', env });
  return times;
}

function kindOf({ httpsTrigger }: DeployedFunction) {
  return httpsTrigger === undefined
    ? ({ signature: 'cloudevent', bare: 'bareEvent' } as const)
    : ({ signature: 'http', bare: 'bareHttp' } as const);
}

function summaryOf(functions: readonly DeployedFunction[], times: Times): ColdStarts {
  const compared = (name: string, bareName: string): ColdStart => {
    const [time, bare] = [spreadOf(times.get(name) ?? []), spreadOf(times.get(bareName) ?? [])];
    return { name, time, bare, ratio: time.median / bare.median };
  };
  return {
    functions: functions.map((definition) => compared(definition.name, kindOf(definition).bare)),
    naive: compared('naive', 'bareEvent'),
  };
}
