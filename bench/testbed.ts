import { totalmem } from 'node:os';
import type { Firestore } from '@google-cloud/firestore';
import type { LogLine } from '../local/production/log-book.ts';
import { startProductionStack, type ProductionStack } from '../local/production/stack.ts';
import { functionsEnvironment, randomKeys, type LocalKeys } from '../local/stack/environment.ts';
import { Outcomes } from './outcomes.ts';
import { startAcceptingSendgrid } from './sendgrid.ts';

/** How many messages of a topic are given to a function at the same time, at the most; as in functions.yaml. */
const IN_FLIGHT = 80;

/** What the Firestore emulator may take, in MB: half of what the machine has. */
const FIRESTORE_MEMORY = Math.floor(totalmem() / 2 / 1024 ** 2);

/** What Node allows itself for old objects in a container of 512 MB; of the rest of the heap the manifest speaks. */
export const nodeOptions: readonly string[] = ['--max-old-space-size=256'];

/** Policy under which every purchase earns an email, so that there is something to measure. */
export const unlimited = { COOLDOWN: '0s', MAX_EMAILS: '1000000' };

/** One run of the benchmark. */
export interface Run {
  /** The folder with the deployed files. */
  readonly archive: string;
  /** Is called after each step. */
  readonly onStep: () => void;
  /** Rejects when somebody has had enough. */
  readonly interrupted: Promise<never>;
}

interface TestbedOptions {
  readonly functions: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly seed?: (firestore: Firestore) => Promise<void>;
}

/** The production-shaped stack with what is deployed, and word of what becomes of each purchase. */
export interface Testbed {
  readonly stack: ProductionStack;
  /** With which those sign that call the functions from outside. */
  readonly keys: LocalKeys;
  /** By the ID of the message. */
  readonly recorded: Outcomes;
  /** By the ID of the customer: an email accepted by SendGrid. */
  readonly accepted: Outcomes;
  /** By the ID of the customer: an email accepted, or the decision that none is sent. */
  readonly decided: Outcomes;
  close(): Promise<void>;
}

/** Sets one up, uses it, and takes it down whatever happens. */
export async function withTestbed<T>(
  run: Run,
  options: TestbedOptions,
  use: (testbed: Testbed) => Promise<T>,
): Promise<T> {
  const testbed = await startTestbed(run, options);
  try {
    return await Promise.race([use(testbed), run.interrupted]);
  } finally {
    await testbed.close();
  }
}

async function startTestbed(
  { archive, interrupted }: Run,
  { functions, seed, env, ...options }: TestbedOptions,
): Promise<Testbed> {
  const keys = randomKeys();
  const [recorded, accepted, decided] = [new Outcomes(), new Outcomes(), new Outcomes()];
  const sendgrid = await startAcceptingSendgrid((emailId) => {
    accepted.happened(customerOf(emailId));
    decided.happened(customerOf(emailId));
  });
  const stack = await startProductionStack({
    ...options,
    archive,
    functions,
    env: { ...publicHalvesOf(keys), ...env },
    nodeOptions,
    inspected: true,
    inFlight: IN_FLIGHT,
    firestoreMemory: FIRESTORE_MEMORY,
    between: async (_name, services) => ({ ...services, sendgrid: sendgrid.url }),
    ...(seed && { seed: (firestore) => Promise.race([seed(firestore), interrupted]) }),
  }).catch(async (error: unknown) => {
    await sendgrid.close();
    throw error;
  });
  listen(stack, functions, { recorded, decided });
  const close = async (): Promise<void> => {
    await stack.stop();
    await sendgrid.close();
  };
  return { stack, keys, recorded, accepted, decided, close };
}

function listen(
  stack: ProductionStack,
  functions: readonly string[],
  { recorded, decided }: Pick<Testbed, 'recorded' | 'decided'>,
): void {
  const hear = (functionName: string, listener: (line: LogLine) => void): void => {
    if (functions.includes(functionName)) stack.process(functionName).logs.onLine(listener);
  };
  hear('recordTransaction', ({ event, messageId }) => {
    if (event === 'transaction-recorded') recorded.happened(String(messageId));
  });
  hear('targetCustomer', ({ event, customerId }) => {
    if (event === 'outreach-skipped') decided.happened(String(customerId));
  });
}

/** What the functions need to know of the keys. */
function publicHalvesOf(keys: LocalKeys): Record<string, string> {
  const {
    TOKEN_KEYS = '',
    VENDOR_KEYS = '',
    WEBHOOK_PUBLIC_KEY = '',
  } = functionsEnvironment(keys, {
    sendgrid: '',
    analytics: '',
  });
  return { TOKEN_KEYS, VENDOR_KEYS, WEBHOOK_PUBLIC_KEY };
}

function customerOf(emailId: string): string {
  return emailId.slice(0, emailId.indexOf('~'));
}
