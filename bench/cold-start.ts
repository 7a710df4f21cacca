/** The time from the start of an instance to its first answer, beside instances of functions that do nothing. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { functionNamed, readManifest, type DeployedFunction } from '../functions/manifest.ts';
import { startServices, type Closers } from '../local/production/services.ts';
import { createTopics } from '../local/production/pubsub.ts';
import { pushSubscriptions } from '../functions/subscriptions.ts';
import { pubsubClient } from '../local/stack/clients.ts';
import { functionsEnvironment, randomKeys } from '../local/stack/environment.ts';
import { pushOf } from './calls.ts';
import { timeToFirstAnswer, type Instance } from './first-answer.ts';
import { Customer, firstCalls, type Surroundings } from './first-calls.ts';
import { writeReferences } from './reference-functions.ts';
import { spreadOf, type Spread } from './statistics.ts';
import type { Run } from './testbed.ts';

export interface ColdStartSizes {
  /** How often each function is started. */
  readonly runs: number;
}

/** Times are in ms, from the start of the process to the end of its first answer. */
export interface ColdStart {
  readonly name: string;
  readonly time: Spread;
  /** A function that does nothing and is called in the same way. */
  readonly bare: Spread;
  /** Median by median. */
  readonly ratio: number;
}

/** In ms, by the name of the function; the functions to compare with are included. */
type Times = Map<string, number[]>;

/**
 * Starts each function `runs` times, calls it with a real first event, and starts a function that does nothing before each.
 * The last result, `naive`, is a function that loads Firestore's client up front, as installed, and creates one document.
 * A step is one run. An interruption ends the measurement before the next instance starts, and leaves nothing running.
 * @throws Error with the last output of an instance that does not answer 2xx.
 */
export async function measureColdStarts(
  { archive, onStep, interruption: { signal } }: Run,
  { runs }: ColdStartSizes,
): Promise<ColdStart[]> {
  const { functions } = readManifest();
  const missing = functions.find(({ name }) => !(name in firstCalls));
  if (missing !== undefined) throw new Error(`bench/first-calls.ts has no first call of ${missing.name}.`);
  const closers: Closers = [];
  try {
    // Fills the compile cache of the archive, as the build of a deployment does. This process may use another one.
    const env = { PATH: process.env.PATH };
    await promisify(execFile)(process.execPath, ['warm-up.mjs'], { cwd: archive, env });
    const stage = await setUp(functions, archive, closers);
    // The first run warms up the emulators and is not counted.
    await measureOnce(stage, new Map(), signal);
    const times: Times = new Map();
    for (let run = 0; run < runs; run += 1) {
      await measureOnce(stage, times, signal);
      onStep();
    }
    return summaryOf(functions, times);
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

interface Stage extends Surroundings {
  /** Folders of the deployed functions, and of those to compare with. */
  readonly folder: string;
  readonly references: string;
  readonly env: Readonly<Record<string, string>>;
}

async function setUp(
  functions: readonly DeployedFunction[],
  folder: string,
  closers: Closers,
): Promise<Stage> {
  const { cloud, eventarc, services, pubsubHost, environmentFor } = await startServices(closers);
  for (const definition of functions) await cloud.reportWrites(definition);
  const pubsub = pubsubClient(pubsubHost);
  closers.push(() => pubsub.close());
  await createTopics(pubsub, pushSubscriptions(functions));
  const references = await writeReferences();
  closers.push(() => references.remove());
  const keys = randomKeys();
  // SendGrid's stand-in accepts only the key it was started with.
  const { SENDGRID_API_KEY, ...own } = functionsEnvironment(keys, services);
  return {
    eventarc,
    keys,
    folder,
    references: references.folder,
    env: { ...environmentFor(services), ...own },
  };
}

/** Starts every function once, and before each of them one that does nothing. */
async function measureOnce(stage: Stage, times: Times, signal: AbortSignal): Promise<void> {
  const { folder, references, env } = stage;
  const take = async (instance: Instance, call = pushOf('bare', Buffer.from('{}'))): Promise<void> => {
    signal.throwIfAborted();
    const time = await timeToFirstAnswer(instance, call);
    times.set(instance.target, [...(times.get(instance.target) ?? []), time]);
  };
  const customer = new Customer();
  for (const [target, firstCall] of Object.entries(firstCalls)) {
    const definition = functionNamed(target);
    const { signature, bare } = kindOf(definition);
    await take({ folder: references, target: bare, signature, env: {} });
    const own = { ...definition.environmentVariables, ...env };
    await take({ folder, target, signature, env: own }, await firstCall(customer, stage));
  }
  await take({ folder: references, target: 'naive', signature: 'cloudevent', env });
}

function kindOf({ httpsTrigger }: DeployedFunction) {
  return httpsTrigger === undefined
    ? ({ signature: 'cloudevent', bare: 'bareEvent' } as const)
    : ({ signature: 'http', bare: 'bareHttp' } as const);
}

function summaryOf(functions: readonly DeployedFunction[], times: Times): ColdStart[] {
  const compared = (name: string, bareName: string): ColdStart => {
    const [time, bare] = [spreadOf(times.get(name) ?? []), spreadOf(times.get(bareName) ?? [])];
    return { name, time, bare, ratio: time.median / bare.median };
  };
  return [
    ...functions.map((definition) => compared(definition.name, kindOf(definition).bare)),
    compared('naive', 'bareEvent'),
  ];
}
