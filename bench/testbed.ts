import { totalmem } from 'node:os';
import { startProductionStack, type ProductionStack } from '../local/production/stack.ts';
import type { Interruption } from '../operations/terminal/interruption.ts';
import { functionsEnvironment, randomKeys, type LocalKeys } from '../local/stack/environment.ts';
import { Outcomes } from './outcomes.ts';
import { startAcceptingSendgrid } from './sendgrid.ts';
import { probeOptions, usageReader, type Usage } from './usage.ts';

/** The limit of the Firestore emulator, in MB: half of the machine's memory. */
const FIRESTORE_MEMORY = Math.floor(totalmem() / 2 / 1024 ** 2);

/** Node's default heap limit in a container of 512 MB. The manifest sets the other heap options. */
export const nodeOptions: readonly string[] = ['--max-old-space-size=256'];

/** A policy under which every purchase earns an email. */
export const unlimited = { COOLDOWN: '0s', MAX_EMAILS: '1000000' };

/** One run of the benchmark. */
export interface Run {
  /** The folder with the deployed files. */
  readonly archive: string;
  /** Is called after each step. */
  readonly onStep: () => void;
  readonly interruption: Interruption;
}

interface TestbedOptions {
  readonly functions: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Collect garbage before `usageOf` counts the heap. */
  readonly collectGarbage?: boolean;
}

/** The production-shaped stack with the deployed functions. */
export interface Testbed {
  readonly stack: ProductionStack;
  /** Sign the requests that come from outside. */
  readonly keys: LocalKeys;
  /** Emails that SendGrid has accepted, by the ID of the customer. */
  readonly accepted: Outcomes;
  readonly usageOf: (functionName: string) => Promise<Usage>;
}

/** Starts a testbed, uses it, and stops it in any case. */
export async function withTestbed<T>(
  run: Run,
  options: TestbedOptions,
  use: (testbed: Testbed) => Promise<T>,
): Promise<T> {
  const keys = randomKeys();
  const accepted = new Outcomes();
  const sendgrid = await startAcceptingSendgrid((emailId) => {
    accepted.announce(emailId.slice(0, emailId.indexOf('~')));
  });
  try {
    const stack = await startStack(run, options, keys, sendgrid.url);
    try {
      const testbed = { stack, keys, accepted, usageOf: usageReaders(stack, options.functions) };
      return await Promise.race([use(testbed), run.interruption.happened]);
    } finally {
      await stack.stop();
    }
  } finally {
    await sendgrid.close();
  }
}

async function startStack(
  { archive }: Run,
  { functions, env, collectGarbage = false }: TestbedOptions,
  keys: LocalKeys,
  sendgrid: string,
): Promise<ProductionStack> {
  return startProductionStack({
    archive,
    functions,
    env: { ...publicHalvesOf(keys), ...env },
    nodeOptions: [...nodeOptions, ...probeOptions, ...(collectGarbage ? ['--expose-gc'] : [])],
    firestoreMemory: FIRESTORE_MEMORY,
    between: async (_name, services) => ({ ...services, sendgrid }),
  });
}

function usageReaders(stack: ProductionStack, functions: readonly string[]): Testbed['usageOf'] {
  const readers = new Map(functions.map((name) => [name, usageReader(stack.process(name))]));
  return async (functionName) => {
    const read = readers.get(functionName);
    if (read === undefined) throw new Error(`${functionName} does not run in this testbed.`);
    return read();
  };
}

/** The functions get the public half of each key. */
function publicHalvesOf(keys: LocalKeys): Record<string, string> {
  const environment = functionsEnvironment(keys, { sendgrid: '', analytics: '' });
  const { TOKEN_KEYS = '', VENDOR_KEYS = '', WEBHOOK_PUBLIC_KEY = '' } = environment;
  return { TOKEN_KEYS, VENDOR_KEYS, WEBHOOK_PUBLIC_KEY };
}
