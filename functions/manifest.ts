/** Reads and checks functions.yaml: every function, its trigger and its limits. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { faultLines } from './src/faults.ts';

const topicTrigger = z.strictObject({
  eventType: z.literal('google.cloud.pubsub.topic.v1.messagePublished'),
  eventFilters: z.strictObject({ topic: z.string().min(3) }),
  retry: z.literal(true),
});

const documentTrigger = z.strictObject({
  eventType: z.literal('google.cloud.firestore.document.v1.written'),
  eventFilters: z.strictObject({ database: z.string(), namespace: z.string() }),
  eventFilterPathPatterns: z.strictObject({ document: z.string() }),
  retry: z.literal(true),
});

/** `public` means everyone, without authentication. */
const httpsTrigger = z.strictObject({ invoker: z.tuple([z.enum(['public', 'private'])]) });

const endpoint = z
  .strictObject({
    platform: z.literal('gcfv2'),
    entryPoint: z.string(),
    region: z.tuple([z.string()]),
    availableMemoryMb: z.int().min(128),
    cpu: z.number().positive(),
    /** The same wherever the function runs: no configuration of a stack. */
    environmentVariables: z.record(z.string(), z.string()),
    concurrency: z.int().min(1).max(1000),
    minInstances: z.int().min(0),
    maxInstances: z.int().min(1),
    /** In seconds. */
    timeoutSeconds: z.int().min(1).max(540),
    ingressSettings: z.enum(['ALLOW_ALL', 'ALLOW_INTERNAL_ONLY']),
    eventTrigger: z.discriminatedUnion('eventType', [topicTrigger, documentTrigger]).exactOptional(),
    httpsTrigger: httpsTrigger.exactOptional(),
  })
  .refine(({ eventTrigger, httpsTrigger }) => (eventTrigger === undefined) !== (httpsTrigger === undefined), {
    error: 'must have either an eventTrigger or an httpsTrigger',
  })
  .refine(({ concurrency, cpu }) => concurrency === 1 || cpu >= 1, {
    error: 'must have at least one cpu when concurrency is above 1 (Cloud Run)',
    path: ['cpu'],
  });

const manifest = z.strictObject({
  specVersion: z.literal('v1alpha1'),
  requiredAPIs: z.array(z.strictObject({ api: z.string(), reason: z.string() })),
  endpoints: z.record(z.string(), endpoint),
});

type TopicTrigger = z.output<typeof topicTrigger>;

/** One function as it is deployed. */
export interface DeployedFunction extends z.output<typeof endpoint> {
  readonly name: string;
}

export interface Manifest {
  /** The Google APIs that the functions call, such as `firestore.googleapis.com`. */
  readonly apis: readonly string[];
  /** In the order of the file. */
  readonly functions: readonly DeployedFunction[];
  /** Where all functions run and the database is, such as `europe-west1`. */
  readonly region: string;
}

/** @throws Error that lists every fault of the manifest with its path. */
export function readManifest(text = manifestText()): Manifest {
  const parsed = manifest.safeParse(parse(text));
  if (!parsed.success) {
    const faults = faultLines(parsed.error, 'the file').join('\n');
    throw new Error(`functions/functions.yaml has faults:\n${faults}`);
  }
  const { requiredAPIs, endpoints } = parsed.data;
  const functions = Object.entries(endpoints).map(([name, definition]) => ({ name, ...definition }));
  return { apis: requiredAPIs.map(({ api }) => api), functions, region: regionOf(functions) };
}

/** @throws Error when the manifest has no function of that name. */
export function functionNamed(name: string): DeployedFunction {
  const definition = readManifest().functions.find((candidate) => candidate.name === name);
  if (definition === undefined) throw new Error(`functions/functions.yaml has no function ${name}.`);
  return definition;
}

/** One region, because a Firestore trigger only sees a database in its own region and traffic between regions costs money. */
function regionOf(functions: readonly DeployedFunction[]): string {
  const [region, ...others] = new Set(functions.map((definition) => definition.region[0]));
  if (region !== undefined && others.length === 0) return region;
  throw new Error('functions/functions.yaml has faults:\nendpoints: all must have the same region');
}

function manifestText(): string {
  return readFileSync(path.join(import.meta.dirname, 'functions.yaml'), 'utf8');
}

/** The topic that triggers a function; undefined when the function has another trigger. */
export function topicOf({ eventTrigger }: DeployedFunction): string | undefined {
  return isTopicTrigger(eventTrigger) ? eventTrigger.eventFilters.topic : undefined;
}

/** The pattern of the documents whose writes trigger a function, such as `customers/{customerId}`; undefined with another trigger. */
export function documentOf({ eventTrigger }: DeployedFunction): string | undefined {
  return eventTrigger === undefined || isTopicTrigger(eventTrigger)
    ? undefined
    : eventTrigger.eventFilterPathPatterns.document;
}

function isTopicTrigger(trigger: DeployedFunction['eventTrigger']): trigger is TopicTrigger {
  return trigger?.eventType === 'google.cloud.pubsub.topic.v1.messagePublished';
}

/** Whether everyone may call a function. */
export function isPublic({ httpsTrigger }: DeployedFunction): boolean {
  return httpsTrigger?.invoker[0] === 'public';
}
