import type { Firestore } from '@google-cloud/firestore';
import {
  ingestTransactionsConfig,
  quarantineDeadLetterConfig,
  recordDeliveryConfig,
  recordEngagementConfig,
  recordTransactionConfig,
  resumeEmailsConfig,
  targetCustomerConfig,
  unsubscribeConfig,
  type SendingConfig,
} from './config.ts';
import type { FirestoreSendingSwitch } from './adapters/firestore/sending-switch.ts';
import { signToken } from './domain/signed-token.ts';
import { vendorKey, type VendorKey } from './domain/vendor-key.ts';
import { createLog } from './log.ts';
import type { KnownLinks } from './messages/delivery-event.ts';
import type { SendingSwitch, UnsubscribePages, WebhookVerifier } from './ports.ts';
import type { IngestTransactions } from './usecases/ingest-transactions.ts';
import type { QuarantineDeadLetter } from './usecases/quarantine-dead-letter.ts';
import type { RecordDelivery } from './usecases/record-delivery.ts';
import type { RecordEngagement } from './usecases/record-engagement.ts';
import type { RecordTransaction } from './usecases/record-transaction.ts';
import type { ResumeEmails } from './usecases/resume-emails.ts';
import type { SendEmail } from './usecases/send-email.ts';
import type { SendFirstSteps } from './usecases/send-first-steps.ts';
import type { TargetCustomer } from './usecases/target-customer.ts';
import type { Unsubscribe } from './usecases/unsubscribe.ts';

/**
 * The only place where clients are built: lazily, once an instance, and only those that the function at hand uses.
 * The SDKs are imported here and not above, because every function loads this file and most of a cold start is
 * loading code.
 */

/** Everything `recordTransaction` needs, apart from where its log lines belong. */
export const composeRecordTransaction = once(async (): Promise<Omit<RecordTransaction, 'log'>> => {
  const config = recordTransactionConfig(process.env);
  const [firestore, { transactionStore }, { firestoreQuarantine }] = await Promise.all([
    openFirestore(),
    import('./adapters/firestore/transactions.ts'),
    import('./adapters/firestore/quarantine.ts'),
  ]);
  return {
    store: transactionStore(firestore),
    quarantine: firestoreQuarantine(firestore, config.quarantineRetention, Date.now),
    policy: config.policy,
    clock: Date.now,
  };
});

/** Everything `recordEngagement` needs, apart from where its log lines belong. */
export const composeRecordEngagement = once(async (): Promise<Omit<RecordEngagement, 'log'>> => {
  const { quarantineRetention, ...config } = recordEngagementConfig(process.env);
  const [firestore, { firestoreEngagements }, { firestoreConversions }, { firestoreQuarantine }] =
    await Promise.all([
      openFirestore(),
      import('./adapters/firestore/engagements.ts'),
      import('./adapters/firestore/conversions.ts'),
      import('./adapters/firestore/quarantine.ts'),
    ]);
  return {
    ...config,
    engagements: firestoreEngagements(firestore),
    conversions: firestoreConversions(firestore),
    quarantine: firestoreQuarantine(firestore, quarantineRetention, Date.now),
    clock: Date.now,
  };
});

/** Everything `quarantineDeadLetter` needs, apart from where its log lines belong. */
export const composeQuarantineDeadLetter = once(async (): Promise<Omit<QuarantineDeadLetter, 'log'>> => {
  const { quarantineRetention } = quarantineDeadLetterConfig(process.env);
  const [firestore, { firestoreQuarantine }] = await Promise.all([
    openFirestore(),
    import('./adapters/firestore/quarantine.ts'),
  ]);
  return { quarantine: firestoreQuarantine(firestore, quarantineRetention, Date.now) };
});

/** What `recordDelivery` needs to know whom it hears and what it hears of, and to record it. */
interface Delivery extends Omit<RecordDelivery, 'log'> {
  readonly verify: WebhookVerifier;
  readonly links: KnownLinks;
}

/** Everything `recordDelivery` needs, apart from where its log lines belong. */
export const composeRecordDelivery = once(async (): Promise<Delivery> => {
  const { links, webhook, attributionWindow } = recordDeliveryConfig(process.env);
  const [firestore, { firestoreDeliveries }, { firestoreConversions }, { webhookVerifier }] =
    await Promise.all([
      openFirestore(),
      import('./adapters/firestore/deliveries.ts'),
      import('./adapters/firestore/conversions.ts'),
      import('./adapters/sendgrid/webhook-signature.ts'),
    ]);
  return {
    verify: webhookVerifier(webhook.publicKey, webhook.tolerance, Date.now),
    links,
    deliveries: firestoreDeliveries(firestore),
    conversions: firestoreConversions(firestore),
    attributionWindow,
  };
});

/** What `ingestTransactions` needs to know whom it serves, and to serve them. */
interface Ingest extends Omit<IngestTransactions, 'log'> {
  readonly vendorKeys: readonly VendorKey[];
}

/** Everything `ingestTransactions` needs, apart from where its log lines belong. */
export const composeIngestTransactions = once(async (): Promise<Ingest> => {
  const { vendorKeys, publishTimeout } = ingestTransactionsConfig(process.env);
  const [{ pubsubClient }, { pubsubTransactionPublisher }] = await Promise.all([
    import('./adapters/pubsub/client.ts'),
    import('./adapters/pubsub/transaction-publisher.ts'),
  ]);
  return {
    vendorKeys: vendorKeys.map(({ vendor, key }) => vendorKey(vendor, key)),
    publisher: pubsubTransactionPublisher(pubsubClient(), publishTimeout),
    clock: Date.now,
  };
});

/** Everything `targetCustomer` needs, apart from where its log lines belong. */
export const composeTargetCustomer = once(async (): Promise<Omit<TargetCustomer, 'log'>> => {
  const { policy, ...sending } = targetCustomerConfig(process.env);
  return { ...(await composeSending(sending)), policy };
});

/** What `resumeEmails` needs to know whether to begin, and to do it. */
interface Resumption extends Omit<ResumeEmails & SendFirstSteps, 'log'> {
  readonly sendingSwitch: SendingSwitch;
}

/** Everything `resumeEmails` needs, apart from where its log lines belong. */
export const composeResumeEmails = once(async (): Promise<Resumption> => {
  const { policy, batchSize, concurrency, ...sending } = resumeEmailsConfig(process.env);
  const [firestore, { firestoreCustomers }, sender, sendingSwitch] = await Promise.all([
    openFirestore(),
    import('./adapters/firestore/customers.ts'),
    composeSending(sending),
    openSendingSwitch(),
  ]);
  const customers = firestoreCustomers(firestore);
  return { ...sender, customers, policy, batchSize, concurrency, sendingSwitch };
});

/** What `unsubscribe` needs to know whom it serves, and to show it. */
interface UnsubscribePage extends Omit<Unsubscribe, 'log'> {
  readonly tokenKeys: readonly string[];
  readonly pages: UnsubscribePages;
  readonly timeout: number;
}

/** Everything `unsubscribe` needs, apart from where its log lines belong. */
export const composeUnsubscribe = once(async (): Promise<UnsubscribePage> => {
  const { tokenKeys, sender, pauseMonths, timeout } = unsubscribeConfig(process.env);
  const [firestore, { firestoreCustomers }, { firestoreSubscriptions }, compiled, liquid] = await Promise.all(
    [
      openFirestore(),
      import('./adapters/firestore/customers.ts'),
      import('./adapters/firestore/subscriptions.ts'),
      import('./adapters/liquid/compiled-templates.ts'),
      import('./adapters/liquid/unsubscribe-pages.ts'),
    ],
  );
  return {
    tokenKeys,
    pages: liquid.liquidUnsubscribePages(compiled.loadCompiledTemplates(), sender, pauseMonths),
    customers: firestoreCustomers(firestore),
    subscriptions: firestoreSubscriptions(firestore),
    pauseMonths,
    timeout,
    clock: Date.now,
  };
});

async function composeSending(config: SendingConfig): Promise<Omit<SendEmail, 'log'>> {
  const [firestore, sendingSwitch, ledger, analytics, compiled, liquid, sendgrid, pausable] =
    await Promise.all([
      openFirestore(),
      openSendingSwitch(),
      import('./adapters/firestore/outreach-ledger.ts'),
      import('./adapters/analytics/client.ts'),
      import('./adapters/liquid/compiled-templates.ts'),
      import('./adapters/liquid/templates.ts'),
      import('./adapters/sendgrid/mailer.ts'),
      import('./adapters/pausable-mailer.ts'),
    ]);
  return {
    ledger: ledger.firestoreOutreachLedger(firestore, config.emailRetention, sendingSwitch),
    analytics: config.analytics && analytics.analyticsClient(config.analytics),
    templates: liquid.liquidTemplates(compiled.loadCompiledTemplates()),
    mailer: pausable.pausableMailer(sendgrid.sendgridMailer(config.sendgrid), sendingSwitch),
    delivery: config.delivery,
    sender: config.sender,
    joinLink: config.joinLink,
    unsubscribeLinkFor: (emailId) => unsubscribeLink(config.unsubscribe, emailId),
    clock: Date.now,
    chance: Math.random,
  };
}

/** The log of one event: its lines stand below the event's trace. */
export function logFor(traceparent: string | undefined) {
  const projectId = process.env['GOOGLE_CLOUD_PROJECT'] ?? process.env['GCLOUD_PROJECT'];
  return createLog({ ...(projectId && { projectId }), ...(traceparent && { traceparent }) });
}

const openFirestore = once(async (): Promise<Firestore> => {
  const { firestoreClient } = await import('./adapters/firestore/client.ts');
  return firestoreClient();
});

const openSendingSwitch = once(async (): Promise<FirestoreSendingSwitch> => {
  const { firestoreSendingSwitch } = await import('./adapters/firestore/sending-switch.ts');
  return firestoreSendingSwitch(await openFirestore(), Date.now);
});

function unsubscribeLink({ url, tokenKey }: { url: string; tokenKey: string }, emailId: string): string {
  const link = new URL(url);
  link.searchParams.set('token', signToken('unsubscribe', emailId, tokenKey));
  return link.href;
}

/** Remembers the promise, so that concurrent first events share one start; a failed start is tried again. */
function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= start().catch((error: unknown) => {
      started = undefined;
      throw error;
    });
    return started;
  };
}
