/** Everything that runs locally: the emulators with the functions, the SendGrid stand-in with its inbox, Analytics. */
import { topics } from '../../functions/src/domain/published-message.ts';
import { startAnalyticsStandIn } from '../analytics/stand-in.ts';
import { startFamilyStandIn } from '../family/stand-in.ts';
import { startSendgridStandIn } from '../sendgrid/stand-in.ts';
import type { WebhookEvent } from '../sendgrid/webhook-events.ts';
import { pubsubClient } from './clients.ts';
import {
  clientEnvironment,
  functionsEnvironment,
  PROJECT,
  randomKeys,
  REGION,
  type LocalKeys,
} from './environment.ts';
import { startFirebaseSuite } from './firebase-suite.ts';
import { parseFunctionLog, type FunctionLog } from './function-logs.ts';
import { assertFree, LOOPBACK } from './ports.ts';
import { purposesOf, type StackPorts } from './stack-ports.ts';

export interface StackOptions {
  readonly ports: StackPorts;
  /** A folder with an export of Firestore to start from; empty without. */
  readonly seed?: string;
  /** Told what the functions do, as they do it. */
  readonly onLog: (log: FunctionLog) => void;
  /** Told what becomes of the emails, as soon as `recordDelivery` has taken it. */
  readonly onEmailEvents?: (events: readonly WebhookEvent[]) => void;
  /** Told every line that the emulators and the functions print. */
  readonly onLine?: (line: string) => void;
  /** Aborting it ends the stack, even one that is only just starting. */
  readonly signal: AbortSignal;
}

export interface LocalStack {
  readonly ports: StackPorts;
  /** What clients of the emulators need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Where a person reads the emails. */
  readonly inboxUrl: string;
  /** What a vendor's cloud calls, and the key it needs for it. */
  readonly ingest: { readonly url: string; readonly key: string };
  /** Resolves when a part has ended on its own; pending for as long as all is well. */
  readonly broken: Promise<Error>;
  /** Resolves when `recordDelivery` has taken all that has become of the emails so far. @throws Error when it does not. */
  emailsReported(): Promise<void>;
  /** What the emulators printed last. */
  lastWords(): string;
  /** Ends every part; resolves when all are gone. Asking again joins the first time. */
  stop(): Promise<void>;
}

/** Resolves when everything is up. @throws Error when a port is taken or a part does not start: then nothing runs. */
export async function startLocalStack(options: StackOptions): Promise<LocalStack> {
  const { ports, seed, onLog, signal } = options;
  await assertFree(purposesOf(ports));
  const keys = randomKeys();
  const started: Closers = [];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopAll(started));
  try {
    const { analytics, sendgrid, family } = await startStandIns(options, keys, started);
    const suite = await startFirebaseSuite({
      ports,
      functionsEnv: {
        ...functionsEnvironment(keys, { sendgrid: sendgrid.url, analytics: analytics.url }),
        JOIN_URL: family.joinUrl,
        UNSUBSCRIBE_URL: functionUrl('unsubscribe', ports),
        DELIVERY_WEBHOOK: 'true',
      },
      ...(seed !== undefined && { seed }),
      signal,
      onLine(line) {
        options.onLine?.(line);
        const log = parseFunctionLog(line);
        if (log !== undefined) onLog(log);
      },
    });
    started.push(() => suite.stop());
    return {
      ports,
      env: clientEnvironment(ports),
      inboxUrl: sendgrid.inboxUrl,
      ingest: { url: functionUrl('ingestTransactions', ports), key: keys.vendorKey },
      broken: suite.unexpectedEnd(),
      emailsReported: () => sendgrid.reported(),
      lastWords: () => suite.lastWords(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ends the parts that have been started, one each. */
type Closers = (() => Promise<void>)[];

/** Everybody whom the functions talk to, and the app, which tells them of sign-ups. */
async function startStandIns({ ports, onEmailEvents }: StackOptions, keys: LocalKeys, started: Closers) {
  const analytics = await startAnalyticsStandIn({ port: ports.analytics });
  started.push(() => analytics.close());
  const { sendgrid: port, smtp: smtpPort, inbox: inboxPort } = ports;
  const sendgrid = await startSendgridStandIn({
    port,
    smtpPort,
    inboxPort,
    apiKey: keys.sendgridApiKey,
    webhook: {
      url: functionUrl('recordDelivery', ports),
      privateKey: keys.webhookKey,
      ...(onEmailEvents && { onTaken: onEmailEvents }),
    },
  });
  started.push(() => sendgrid.close());
  const pubsub = pubsubClient(`${LOOPBACK}:${ports.pubsub}`);
  started.push(() => pubsub.close());
  const family = await startFamilyStandIn({
    port: ports.family,
    publish: (engagement) => pubsub.topic(topics.engagements).publishMessage({ json: engagement }),
  });
  started.push(() => family.close());
  return { analytics, sendgrid, family };
}

/** https://firebase.google.com/docs/emulator-suite/connect_functions#instrument_your_app_for_https_functions_emulation */
function functionUrl(name: string, ports: StackPorts): string {
  return `http://${LOOPBACK}:${ports.functions}/${PROJECT}/${REGION}/${name}`;
}

/** The last one started goes first: nobody is left calling somebody who is gone. */
async function stopAll(started: Closers): Promise<void> {
  for (const stop of started.toReversed()) await stop();
}
