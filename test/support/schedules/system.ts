import type { Firestore } from '@google-cloud/firestore';
import { firestoreCustomers } from '../../../functions/src/adapters/firestore/customers.ts';
import { firestoreOutreachLedger } from '../../../functions/src/adapters/firestore/outreach-ledger.ts';
import { firestoreQuarantine } from '../../../functions/src/adapters/firestore/quarantine.ts';
import { firestoreTransactions } from '../../../functions/src/adapters/firestore/transactions.ts';
import type { Customer } from '../../../functions/src/domain/customer.ts';
import type { SendingPolicy } from '../../../functions/src/domain/email.ts';
import type { OutreachPolicy } from '../../../functions/src/domain/outreach.ts';
import type { Clock } from '../../../functions/src/domain/time.ts';
import { decodeTransaction } from '../../../functions/src/messages/transaction.ts';
import type { PublishedMessage } from '../../../functions/src/domain/published-message.ts';
import type { Log } from '../../../functions/src/log.ts';
import { createQuarantineMessage } from '../../../functions/src/usecases/quarantine-message.ts';
import { createRecordTransaction } from '../../../functions/src/usecases/record-transaction.ts';
import type { ResumeOpenEmails } from '../../../functions/src/usecases/resume-open-emails.ts';
import type { TargetCustomer } from '../../../functions/src/usecases/target-customer.ts';
import { sendingPolicy } from '../customers.ts';
import { templates } from '../letters.ts';
import { messageHandler } from '../messages.ts';
import { resumeOpenEmailsFrom, targetCustomerFrom, type SendingParts } from '../sending.ts';
import { day, hour } from '../transactions.ts';
import type { Fact } from './history.ts';
import type { Rules } from './moves.ts';
import { recordingPolicy } from './purchases.ts';
import { stepwise, type Run } from './run.ts';
import { analyticsResponse, type FaultModes } from './fault-modes.ts';
import { createRecorder, type Recorder } from './recorder.ts';

/** A purchase older than this earns no email. In ms. */
export const MAX_TRANSACTION_AGE = 48 * hour;

/** What all runs of a schedule share. */
export interface System {
  readonly firestore: Firestore;
  readonly rules: Rules;
  readonly clock: Clock;
  readonly log: Log;
  readonly history: Fact[];
  readonly faultModes: FaultModes;
}

export function sendingPolicyUnder({ webhookConfigured, maxAttempts }: Rules): SendingPolicy {
  return { ...sendingPolicy, webhookConfigured, maxAttempts };
}

/** Records a message as `recordTransaction` does: the real adapters on the real Firestore, each call a step of the run. */
export async function record(message: PublishedMessage, run: Run, system: System): Promise<void> {
  const { firestore, clock, log } = system;
  const quarantine = stepwise(firestoreQuarantine(firestore, 90 * day, clock), run);
  const quarantineMessage = createQuarantineMessage({ quarantine, log });
  const recordTransaction = createRecordTransaction({
    transactions: stepwise(firestoreTransactions(firestore), run),
    quarantineMessage,
    policy: recordingPolicy,
    clock,
    log,
  });
  await messageHandler(decodeTransaction, recordTransaction, quarantineMessage, clock)(message);
}

/** @param customer the one in the event of the run. */
export function targeting(run: Run, customer: Customer, system: System): TargetCustomer {
  return targetCustomerFrom(
    sendingParts(run, createRecorder(system.history, system.clock, customer), system),
  );
}

export function resuming(run: Run, system: System): ResumeOpenEmails {
  const { firestore, rules, history, clock } = system;
  const recorder = createRecorder(history, clock);
  return resumeOpenEmailsFrom({
    ...sendingParts(run, recorder, system),
    customers: stepwise(recorder.customers(firestoreCustomers(firestore)), run),
    batchSize: rules.batchSize,
    concurrency: rules.concurrency,
  });
}

function sendingParts(run: Run, recorder: Recorder, system: System): SendingParts {
  const { firestore, rules, clock, log, faultModes } = system;
  const { cooldown, maxEmails } = rules;
  const outreachPolicy: OutreachPolicy = { cooldown, maxEmails, maxTransactionAge: MAX_TRANSACTION_AGE };
  return {
    ledger: stepwise(recorder.ledger(firestoreOutreachLedger(firestore, 400 * day)), run),
    analytics: { ask: () => run.step(async () => analyticsResponse(faultModes.analytics)) },
    templates,
    mailer: recorder.mailer(run, () => faultModes.sendgrid),
    sendingSwitch: { isPaused: async () => false },
    policy: sendingPolicyUnder(rules),
    outreachPolicy,
    letterhead: {
      sender: { name: 'Farmacy Family', postalAddress: '1 Garden Way, Springfield' },
      joinLink: 'https://farmacy.example/join',
      unsubscribeLinkFor: (id) => `https://farmacy.example/unsubscribe?token=${id}.signed`,
    },
    clock,
    chance: () => 1,
    log,
  };
}
