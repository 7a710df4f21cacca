/** The local stack: the emulators with the functions, and the stand-ins for SendGrid, Analytics and the app. */
import type { PubSub } from '@google-cloud/pubsub';
import { topics } from '../../functions/src/domain/published-message.ts';
import { startAnalyticsStandIn, type AnalyticsStandIn } from '../stand-ins/analytics/stand-in.ts';
import { startAppStandIn, type AppStandIn } from '../stand-ins/app/stand-in.ts';
import { Inbox } from '../stand-ins/sendgrid/inbox.ts';
import { startSendgridStandIn, type SendgridStandIn } from '../stand-ins/sendgrid/stand-in.ts';
import type { WebhookEvent } from '../stand-ins/sendgrid/webhook-events.ts';
import { pubsubClient } from './clients.ts';
import { functionsEnvironment, randomKeys, REGION, type LocalKeys } from './environment.ts';
import { PROJECT } from '../../operations/target/local-stack.ts';
import { startEmbeddedSuite } from '../production/embedded-suite.ts';
import { startFirebaseSuite, type Suite } from './firebase-suite.ts';
import { parseFunctionLog, type FunctionLog } from './function-logs.ts';
import { assertFree } from './ports.ts';
import { startScheduler } from './scheduler.ts';
import { LOOPBACK } from '../../operations/target/local-stack.ts';
import { purposesOf, type StackPorts } from './stack-ports.ts';

export interface StackOptions {
  readonly ports: StackPorts;
  /** Whether it runs on the embedded cloud instead of the Firebase emulator suite. */
  readonly isEmbedded: boolean;
  /** Whether to start with the customers of `emulator-data/`. Without them the database is empty. */
  readonly hasCustomers: boolean;
  /** Called for every function log that the stack knows. */
  readonly onLog: (log: FunctionLog) => void;
  /** Called with the events of emails that `recordDelivery` has accepted. */
  readonly onEmailEvents?: (events: readonly WebhookEvent[]) => void;
  /** Whether the emails can be read in an inbox. Without one they are dropped after SendGrid's stand-in has accepted them. */
  readonly hasInbox: boolean;
  /** Whether the jobs of Cloud Scheduler run. */
  readonly hasScheduler: boolean;
  /** Called when the process of a function has ended by itself. Its next event starts it again. */
  readonly onCrash: (error: Error) => void;
  /** Called for every line that the emulators and the functions print. */
  readonly onLine?: (line: string) => void;
  /** Aborting it stops the stack, even while it starts. */
  readonly signal: AbortSignal;
}

export interface LocalStack {
  readonly ports: StackPorts;
  /** The address that a vendor calls, and the key that it needs. */
  readonly ingest: { readonly url: string; readonly key: string };
  /** How many purchases at the same time make the best use of it. */
  readonly inFlight: number;
  /** Resolves when a part has ended unexpectedly; pending otherwise. */
  readonly broken: Promise<Error>;
  /** Resolves when `recordDelivery` has accepted all events of emails so far. @throws Error when it does not accept them. */
  emailsReported(): Promise<void>;
  /** Stops every part; resolves when all have ended. Further calls wait for the first one. */
  stop(): Promise<void>;
}

/** Resolves when everything is up. @throws Error when a port is in use or a part does not start. Then nothing is left running. */
export async function startLocalStack(options: StackOptions): Promise<LocalStack> {
  const { ports, isEmbedded } = options;
  await assertFree(purposesOf(ports, isEmbedded));
  const keys = randomKeys();
  const started: Closers = [];
  const broken = Promise.withResolvers<Error>();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopAll(started));
  try {
    const standIns = await startStandIns(options, keys, started, broken.resolve);
    const suite = await startSuite(options, keys, standIns);
    started.push(() => suite.stop());
    void suite.unexpectedEnd().then(broken.resolve);
    if (options.hasScheduler) started.push(startJobs(standIns.pubsub, broken.resolve));
    return {
      ports,
      ingest: { url: functionUrl('ingestTransactions', ports), key: keys.vendorKey },
      inFlight: suite.inFlight,
      broken: broken.promise,
      emailsReported: () => standIns.sendgrid.reported(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Each stops one started part. */
type Closers = (() => Promise<void>)[];

interface StandIns {
  readonly analytics: AnalyticsStandIn;
  readonly sendgrid: SendgridStandIn;
  readonly app: AppStandIn;
  /** The client with which the app publishes. */
  readonly pubsub: PubSub;
}

/** Starts the services that the functions call, and the app, which reports sign-ups. */
async function startStandIns(
  { ports, hasInbox, onEmailEvents }: StackOptions,
  keys: LocalKeys,
  started: Closers,
  onBroken: (error: Error) => void,
): Promise<StandIns> {
  // First, because it takes a second and nothing waits for it but the first email.
  const inbox = hasInbox ? new Inbox({ web: ports.inbox, smtp: ports.smtp }) : undefined;
  started.push(async () => inbox?.close());
  void inbox?.unexpectedEnd().then(onBroken);
  const analytics = await startAnalyticsStandIn({ port: ports.analytics });
  started.push(() => analytics.close());
  const sendgrid = await startSendgridStandIn({
    port: ports.sendgrid,
    ...(inbox && { inbox }),
    apiKey: keys.sendgridApiKey,
    webhook: {
      url: functionUrl('recordDelivery', ports),
      privateKey: keys.webhookKey,
      ...(onEmailEvents && { onAccepted: onEmailEvents }),
    },
  });
  started.push(() => sendgrid.close());
  const pubsub = pubsubClient(`${LOOPBACK}:${ports.pubsub}`);
  started.push(() => pubsub.close());
  const app = await startAppStandIn({
    port: ports.app,
    publish: (engagement) => pubsub.topic(topics.engagements).publishMessage({ json: engagement }),
  });
  started.push(() => app.close());
  return { analytics, sendgrid, app, pubsub };
}

/** Starts the functions with Firestore and Pub/Sub. */
function startSuite(
  { ports, isEmbedded, hasCustomers, onLog, onLine, onCrash, signal }: StackOptions,
  keys: LocalKeys,
  { analytics, sendgrid, app }: StandIns,
): Promise<Suite> {
  const start = isEmbedded ? startEmbeddedSuite : startFirebaseSuite;
  return start({
    ports,
    functionsEnv: {
      ...functionsEnvironment(keys, { sendgrid: sendgrid.url, analytics: analytics.url }),
      JOIN_URL: app.joinUrl,
      UNSUBSCRIBE_URL: functionUrl('unsubscribe', ports),
      DELIVERY_WEBHOOK: 'true',
    },
    hasCustomers,
    signal,
    onCrash,
    onLine(line) {
      onLine?.(line);
      const log = parseFunctionLog(line);
      if (log !== undefined) onLog(log);
    },
  });
}

/** Plays the jobs of Cloud Scheduler. @returns a function that ends them. */
function startJobs(pubsub: PubSub, onBroken: (error: Error) => void): () => Promise<void> {
  const stop = startScheduler((topic) => {
    pubsub.topic(topic).publishMessage({ json: {} }).catch(onBroken);
  });
  return async () => stop();
}

/** https://firebase.google.com/docs/emulator-suite/connect_functions#instrument_your_app_for_https_functions_emulation */
function functionUrl(name: string, ports: StackPorts): string {
  return `http://${LOOPBACK}:${ports.functions}/${PROJECT}/${REGION}/${name}`;
}

/** In reverse order: no part outlives one that it calls. */
async function stopAll(started: Closers): Promise<void> {
  for (const stop of started.toReversed()) await stop();
}
