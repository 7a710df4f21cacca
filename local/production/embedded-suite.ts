/** The embedded cloud with all functions, each in functions-framework: what the Firebase suite is with a JDK. */
import { request as requestHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { writeCustomers } from '../../emulator-data/customers.ts';
import { readManifest, type DeployedFunction } from '../../functions/manifest.ts';
import { pushSubscriptions } from '../../functions/subscriptions.ts';
import { PROJECT } from '../../operations/target/local-stack.ts';
import { pubsubClient } from '../stack/clients.ts';
import { REGION } from '../stack/environment.ts';
import type { Suite, SuiteOptions } from '../stack/firebase-suite.ts';
import { startHttpServer } from '../stack/http-server.ts';
import { freePorts } from '../stack/ports.ts';
import { startEmbedded, type RunningCloud } from './cloud.ts';
import { EventarcStandIn } from './eventarc.ts';
import { firestoreClient } from './firestore.ts';
import { FunctionProcess } from './function-process.ts';
import { createSubscription, createTopics } from './pubsub.ts';
import type { Closers } from './services.ts';

/** Resolves when every function accepts events. After an error nothing is left running. */
export async function startEmbeddedSuite(options: SuiteOptions): Promise<Suite> {
  const closers: Closers = [];
  let stopping = Promise.resolve();
  // Further calls wait for the first one, and stop what has started since.
  const stop = (): Promise<void> => {
    stopping = stopping.then(async () => {
      for (const close of closers.splice(0).toReversed()) await close();
    });
    return stopping;
  };
  options.signal.addEventListener('abort', () => void stop(), { once: true });
  try {
    const processes = await start(options, closers);
    return { unexpectedEnd: () => Promise.race(processes.map((each) => each.unexpectedEnd())), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: SuiteOptions, closers: Closers): Promise<FunctionProcess[]> {
  const eventarc = await EventarcStandIn.start();
  closers.push(() => eventarc.close());
  const cloud = await startEmbedded(eventarc, options.ports);
  closers.push(() => cloud.stop());
  if (options.hasCustomers) await seed(cloud);
  const manifest = readManifest().functions;
  const processes = await startFunctions(manifest, cloud, options, closers);
  const gateway = await startHttpServer(
    (request, response) => forward(request, response, processes),
    options.ports.functions,
  );
  closers.push(() => gateway.close());
  await connectTriggers(cloud, eventarc, processes);
  return processes;
}

async function seed({ env }: RunningCloud): Promise<void> {
  const firestore = firestoreClient(env['FIRESTORE_EMULATOR_HOST'] ?? '');
  await writeCustomers(firestore);
  await firestore.terminate();
}

async function startFunctions(
  manifest: readonly DeployedFunction[],
  { env }: RunningCloud,
  { functionsEnv, onLine }: SuiteOptions,
  closers: Closers,
): Promise<FunctionProcess[]> {
  const ports = await freePorts(manifest.length);
  const processes = manifest.map(
    (definition, index) =>
      new FunctionProcess(definition, {
        port: ports[index] ?? 0,
        nodeOptions: [],
        env: { ...env, ...functionsEnv },
        // As the functions emulator prints them.
        onLine: (line) => onLine(`>  ${line}`),
      }),
  );
  for (const process of processes) closers.push(() => process.kill());
  await Promise.all(processes.map((process) => process.start()));
  return processes;
}

/** Creates the topics and their subscriptions, and sends every event to its function. */
async function connectTriggers(
  cloud: RunningCloud,
  eventarc: EventarcStandIn,
  processes: readonly FunctionProcess[],
): Promise<void> {
  const subscriptions = pushSubscriptions(processes.map(({ definition }) => definition));
  const pubsub = pubsubClient(cloud.env['PUBSUB_EMULATOR_HOST'] ?? '');
  await createTopics(pubsub, subscriptions);
  for (const declared of subscriptions) {
    const process = processes.find(({ definition }) => definition.name === declared.functionName);
    await createSubscription(pubsub, declared, process?.url);
  }
  await pubsub.close();
  for (const { definition, url } of processes) {
    if (definition.eventTrigger?.eventType !== 'google.cloud.firestore.document.v1.written') continue;
    eventarc.deliverTo({ url, concurrency: definition.concurrency });
    await cloud.reportWrites(definition);
  }
}

/** Passes a request on to its function. The addresses are those of the functions emulator: `/{project}/{region}/{function}`. */
function forward(
  request: IncomingMessage,
  response: ServerResponse,
  processes: readonly FunctionProcess[],
): void {
  const prefix = new RegExp(`^/${PROJECT}/${REGION}/(\\w+)`, 'u');
  const name = prefix.exec(request.url ?? '')?.[1];
  const process = processes.find(({ definition }) => definition.name === name && definition.httpsTrigger);
  if (process === undefined) {
    response.writeHead(404).end('There is no such function with an address.\n');
    return;
  }
  const { method, headers } = request;
  const path = (request.url ?? '').replace(prefix, '') || '/';
  const passedOn = requestHttp(process.url, {
    method,
    path: path.startsWith('/') ? path : `/${path}`,
    headers,
  });
  passedOn.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passedOn.on('error', () => response.destroy());
  request.pipe(passedOn);
}
