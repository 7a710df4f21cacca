/** The embedded cloud with all functions, each in functions-framework: what the Firebase suite is with a JDK. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { writeCustomers } from '../../emulator-data/customers.ts';
import { PROJECT } from '../../operations/target/local-stack.ts';
import { REGION } from '../stack/environment.ts';
import type { Suite, SuiteOptions } from '../stack/firebase-suite.ts';
import { startHttpServer } from '../stack/http-server.ts';
import { startEmbedded, type RunningCloud } from './cloud.ts';
import { EventarcStandIn } from './eventarc.ts';
import { firestoreClient } from './firestore.ts';
import type { FunctionHost } from './function-host.ts';
import { startFunctionHosts } from './function-hosts.ts';
import type { Closers } from './services.ts';

/** One process serves all events of a function. More purchases at the same time are no faster. */
const IN_FLIGHT = 40;

/** Resolves when every function gets its events. After an error nothing is left running. */
export async function startEmbeddedSuite(options: SuiteOptions): Promise<Suite> {
  const closers: Closers = [];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopAll(closers));
  const failedStart = Promise.withResolvers<Error>();
  try {
    await start(options, failedStart.resolve, closers);
    // The configuration is the same for each start: a process that does not start once never will.
    return { inFlight: IN_FLIGHT, unexpectedEnd: () => failedStart.promise, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  { ports, functionsEnv, hasCustomers, onLine, onCrash, signal }: SuiteOptions,
  onFailedStart: (error: Error) => void,
  closers: Closers,
): Promise<void> {
  const eventarc = await EventarcStandIn.start();
  closers.push(() => eventarc.close());
  const cloud = await startEmbedded(eventarc, ports);
  closers.push(() => cloud.stop());
  signal.throwIfAborted();
  if (hasCustomers) await seed(cloud);
  signal.throwIfAborted();
  const env = { ...cloud.env, ...functionsEnv };
  // As the functions emulator prints them.
  const printLine = (line: string): void => onLine(`>  ${line}`);
  const options = { env, nodeOptions: [], onLine: printLine, onCrash, onFailedStart };
  const hosts = await startFunctionHosts(cloud, eventarc, options, closers);
  signal.throwIfAborted();
  const gateway = await startHttpServer(
    (request, response) => handle(request, response, hosts),
    ports.functions,
  );
  closers.push(() => gateway.close());
}

/** In reverse order: no part outlives one that it calls. */
async function stopAll(closers: Closers): Promise<void> {
  for (const close of closers.toReversed()) await close();
}

async function seed({ env }: RunningCloud): Promise<void> {
  const firestore = firestoreClient(env['FIRESTORE_EMULATOR_HOST'] ?? '');
  await writeCustomers(firestore);
  await firestore.terminate();
}

/** Passes a request on to its function. The addresses are those of the functions emulator: `/{project}/{region}/{function}`. */
function handle(request: IncomingMessage, response: ServerResponse, hosts: readonly FunctionHost[]): void {
  const prefix = new RegExp(`^/${PROJECT}/${REGION}/(\\w+)`, 'u');
  const name = prefix.exec(request.url ?? '')?.[1];
  const host = hosts.find(({ definition }) => definition.name === name && definition.httpsTrigger);
  if (host === undefined) {
    response.writeHead(404).end('There is no such function with an address.\n');
    return;
  }
  const rest = (request.url ?? '').replace(prefix, '');
  void host.handle(request, response, rest.startsWith('/') ? rest : `/${rest}`);
}
