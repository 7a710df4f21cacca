/** A stack like production, as far as one machine can be: the deployed functions, each in a process of its own. */
import type { Firestore } from '@google-cloud/firestore';
import type { PubSub } from '@google-cloud/pubsub';
import { readManifest, type DeployedFunction } from '../../functions/manifest.ts';
import { pubsubClient } from '../stack/clients.ts';
import { freePorts } from '../stack/ports.ts';
import type { EventarcStandIn } from './eventarc.ts';
import { firestoreClient } from './firestore.ts';
import { FunctionProcess } from './function-process.ts';
import { startServices, type Closers, type RunningServices, type Services } from './services.ts';
import { connectDocuments, connectTopics, type TopicOptions } from './triggers.ts';

export interface ProductionOptions extends TopicOptions {
  /** The functions that run; all of the manifest when absent. */
  readonly functions?: readonly string[];
  /** Overrides the local configuration (docs/configuration.md). */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node in every process, such as `--import`. */
  readonly nodeOptions?: readonly string[];
  /** The deployed files (archive.ts) to serve the functions from; their sources when absent. */
  readonly archive?: string;
  /** Runs Node's inspector in every process. */
  readonly inspected?: boolean;
  /** The heap limit of Google's Firestore emulator, in MB; the embedded cloud has none. */
  readonly firestoreMemory?: number;
  /** Fills the database before any function gets events. */
  readonly seed?: (firestore: Firestore) => Promise<void>;
  /** Replaces services of a function, for example by proxies of them. */
  readonly between?: (functionName: string, services: Services) => Promise<Services>;
}

export interface ProductionStack {
  readonly firestore: Firestore;
  readonly pubsub: PubSub;
  readonly services: Services;
  readonly eventarc: EventarcStandIn;
  /** The process of a function. @throws Error when it does not run here. */
  process(functionName: string): FunctionProcess;
  /** Publishes one message at once and resolves with its ID. */
  publish(topic: string, data: Uint8Array): Promise<string>;
  /** Stops every part; resolves when all have ended. */
  stop(): Promise<void>;
}

/** Resolves when every function accepts events. After an error nothing is left running. */
export async function startProductionStack(options: ProductionOptions = {}): Promise<ProductionStack> {
  const closers: Closers = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    return { ...(await start(options, closers)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: ProductionOptions, closers: Closers): Promise<Omit<ProductionStack, 'stop'>> {
  const running = await startServices(closers, options.firestoreMemory);
  const { eventarc, services } = running;
  const firestore = firestoreClient(services.firestore);
  const pubsub = pubsubClient(running.pubsubHost);
  closers.push(
    async () => firestore.terminate(),
    async () => pubsub.close(),
  );
  await options.seed?.(firestore);
  const manifest = readManifest().functions.filter(({ name }) => options.functions?.includes(name) ?? true);
  const processes = await startFunctions(manifest, running, options, closers);
  const process = (name: string): FunctionProcess => {
    const found = processes.get(name);
    if (found === undefined) throw new Error(`No function ${name} runs here.`);
    return found;
  };
  await connectTopics(pubsub, [...processes.values()], options, closers);
  await connectDocuments(eventarc, running.cloud, [...processes.values()]);
  return {
    firestore,
    pubsub,
    services,
    eventarc,
    process,
    publish: (topic, data) =>
      pubsub.topic(topic, { batching: { maxMessages: 1 } }).publishMessage({ data: Buffer.from(data) }),
  };
}

async function startFunctions(
  manifest: readonly DeployedFunction[],
  running: RunningServices,
  options: ProductionOptions,
  closers: Closers,
): Promise<Map<string, FunctionProcess>> {
  const { env = {}, nodeOptions = [], between, archive, inspected = false } = options;
  const ports = await freePorts(2 * manifest.length);
  const processes = new Map<string, FunctionProcess>();
  for (const [index, definition] of manifest.entries()) {
    const services = (await between?.(definition.name, running.services)) ?? running.services;
    const process = new FunctionProcess(definition, {
      port: ports[index] ?? 0,
      nodeOptions,
      ...(archive !== undefined && { archive }),
      ...(inspected && { inspectorPort: ports[manifest.length + index] ?? 0 }),
      env: { ...running.environmentFor(services), ...env },
    });
    closers.push(() => process.kill());
    processes.set(definition.name, process);
  }
  await Promise.all([...processes.values()].map((process) => process.start()));
  return processes;
}
