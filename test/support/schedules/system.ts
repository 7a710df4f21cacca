import type { Firestore } from '@google-cloud/firestore';
import { firestoreCustomers } from '../../../functions/src/adapters/firestore/customers.ts';
import { firestoreOutreachLedger } from '../../../functions/src/adapters/firestore/outreach-ledger.ts';
import { firestoreQuarantine } from '../../../functions/src/adapters/firestore/quarantine.ts';
import { transactionStore } from '../../../functions/src/adapters/firestore/transactions.ts';
import type { Customer } from '../../../functions/src/domain/customer.ts';
import type { DeliveryPolicy } from '../../../functions/src/domain/email.ts';
import type { OutreachPolicy } from '../../../functions/src/domain/outreach.ts';
import type { Log } from '../../../functions/src/log.ts';
import type { Clock } from '../../../functions/src/ports.ts';
import type { RecordTransaction } from '../../../functions/src/usecases/record-transaction.ts';
import type { ResumeEmails } from '../../../functions/src/usecases/resume-emails.ts';
import type { SendEmail } from '../../../functions/src/usecases/send-email.ts';
import type { TargetCustomer } from '../../../functions/src/usecases/target-customer.ts';
import { deliveryPolicy } from '../customers.ts';
import { templates } from '../letters.ts';
import { day, hour } from '../transactions.ts';
import type { Fact } from './history.ts';
import type { Rules } from './moves.ts';
import { recordingPolicy } from './purchases.ts';
import { stepwise, type Run } from './run.ts';
import { analyticsIn, type AnalyticsWeather, type SendgridWeather } from './weather.ts';
import { witness, type Witness } from './witness.ts';

/** Purchases older than this trigger nothing. In ms. */
export const MAX_TRANSACTION_AGE = 48 * hour;

/** What all runs of a schedule share. */
export interface System {
  readonly firestore: Firestore;
  readonly rules: Rules;
  readonly clock: Clock;
  readonly log: Log;
  readonly history: Fact[];
  readonly weather: { sendgrid: SendgridWeather; analytics: AnalyticsWeather };
}

export function deliveryUnder({ webhookConfigured, maxAttempts }: Rules): DeliveryPolicy {
  return { ...deliveryPolicy, webhookConfigured, maxAttempts };
}

/** The real adapters on the real Firestore; each of their calls is a step of the run. */
export function recordingNeeds(run: Run, { firestore, clock, log }: System): RecordTransaction {
  return {
    store: stepwise(transactionStore(firestore), run),
    quarantine: stepwise(firestoreQuarantine(firestore, 90 * day, clock), run),
    policy: recordingPolicy,
    clock,
    log,
  };
}

/** @param customer whom the run is about, as its event says. */
export function targetingNeeds(run: Run, customer: Customer, system: System): TargetCustomer {
  const { cooldown, maxEmails } = system.rules;
  const policy: OutreachPolicy = { cooldown, maxEmails, maxTransactionAge: MAX_TRANSACTION_AGE };
  return { ...sendingNeeds(run, witness(system.history, system.clock, customer), system), policy };
}

export function resumingNeeds(run: Run, system: System): ResumeEmails {
  const { firestore, rules, history, clock } = system;
  const eyes = witness(history, clock);
  return {
    ...sendingNeeds(run, eyes, system),
    customers: stepwise(eyes.customers(firestoreCustomers(firestore)), run),
    batchSize: rules.batchSize,
    concurrency: rules.concurrency,
  };
}

function sendingNeeds(run: Run, eyes: Witness, system: System): SendEmail {
  const { firestore, rules, clock, log, weather } = system;
  return {
    ledger: stepwise(eyes.ledger(firestoreOutreachLedger(firestore, 400 * day)), run),
    analytics: { ask: () => run.step(async () => analyticsIn(weather.analytics)) },
    templates,
    mailer: eyes.mailer(run, () => weather.sendgrid),
    delivery: deliveryUnder(rules),
    sender: { name: 'Farmacy Family', postalAddress: '1 Garden Way, Springfield' },
    joinLink: 'https://farmacy.example/join',
    unsubscribeLinkFor: (id) => `https://farmacy.example/unsubscribe?token=${id}.signed`,
    clock,
    chance: () => 1,
    log,
  };
}
