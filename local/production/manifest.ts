/** functions.yaml: every function as it is deployed, and what triggers it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { repository } from '../toolchain/environment.ts';

const pubsubTrigger = z.object({
  eventType: z.literal('google.cloud.pubsub.topic.v1.messagePublished'),
  eventFilters: z.object({ topic: z.string() }),
});

const documentTrigger = z.object({
  eventType: z.literal('google.cloud.firestore.document.v1.written'),
  eventFilters: z.object({ database: z.string(), namespace: z.string() }),
  eventFilterPathPatterns: z.object({ document: z.string() }),
});

const deployedFunction = z.object({
  entryPoint: z.string(),
  concurrency: z.int(),
  timeoutSeconds: z.int(),
  /** Absent for a function that is called over HTTP. */
  eventTrigger: z.discriminatedUnion('eventType', [pubsubTrigger, documentTrigger]).exactOptional(),
});

/** One function as it is deployed. */
export interface DeployedFunction extends z.output<typeof deployedFunction> {
  readonly name: string;
}

/** The functions, in the order of the manifest. @throws z.ZodError naming what the manifest lacks. */
export function readManifest(): DeployedFunction[] {
  const text = readFileSync(path.join(repository, 'functions/functions.yaml'), 'utf8');
  const { endpoints } = z.object({ endpoints: z.record(z.string(), deployedFunction) }).parse(parse(text));
  return Object.entries(endpoints).map(([name, endpoint]) => ({ name, ...endpoint }));
}
