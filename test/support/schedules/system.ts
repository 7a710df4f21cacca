import type { Firestore } from '@google-cloud/firestore';
import { firestoreConversions } from '../../../functions/src/adapters/firestore/conversions.ts';
import { customerChange } from '../../../functions/src/adapters/firestore/customer-documents.ts';
import { firestoreCustomers } from '../../../functions/src/adapters/firestore/customers.ts';
import { firestoreDeliveries } from '../../../functions/src/adapters/firestore/deliveries.ts';
import { firestoreEngagements } from '../../../functions/src/adapters/firestore/engagements.ts';
import { firestoreOutreachLedger } from '../../../functions/src/adapters/firestore/outreach-ledger.ts';
import { firestoreQuarantine } from '../../../functions/src/adapters/firestore/quarantine.ts';
import { firestoreSendingSwitch } from '../../../functions/src/adapters/firestore/settings.ts';
import { firestoreSubscriptions } from '../../../functions/src/adapters/firestore/subscriptions.ts';
import { firestoreTransactions } from '../../../functions/src/adapters/firestore/transactions.ts';
import type { CustomerChange } from '../../../functions/src/domain/customer.ts';
import type { SendingPolicy } from '../../../functions/src/domain/email.ts';
import type { OutreachPolicy } from '../../../functions/src/domain/outreach.ts';
import type { PublishedMessage } from '../../../functions/src/domain/published-message.ts';
import type { Choice } from '../../../functions/src/domain/subscription.ts';
import { decodeDocumentEvent } from '../../../functions/src/framework/document-event.ts';
import { createLog, type Log } from '../../../functions/src/log.ts';
import { decodeDeliveryReport } from '../../../functions/src/messages/delivery-event.ts';
import { decodeEngagement } from '../../../functions/src/messages/engagement.ts';
import { decodeTransaction } from '../../../functions/src/messages/transaction.ts';
import { createCreditConversion } from '../../../functions/src/usecases/credit-conversion.ts';
import { createQuarantineMessage } from '../../../functions/src/usecases/quarantine-message.ts';
import { createRecordDelivery } from '../../../functions/src/usecases/record-delivery.ts';
import { createRecordEngagement } from '../../../functions/src/usecases/record-engagement.ts';
import { createRecordTransaction } from '../../../functions/src/usecases/record-transaction.ts';
import { createResumeEmails } from '../../../functions/src/usecases/resume-emails.ts';
import { createUnsubscribe } from '../../../functions/src/usecases/unsubscribe.ts';
import { sendingPolicy } from '../customers.ts';
import { messageHandler } from '../messages.ts';
import {
  resumeOpenEmailsFrom,
  sendFirstStepsFrom,
  targetCustomerFrom,
  templates,
  type SendingParts,
} from '../sending.ts';
import { day, hour } from '../transactions.ts';
import type { Chronicle } from './chronicle.ts';
import { analyticsResponse, type FaultModes } from './fault-modes.ts';
import type { Rules } from './moves.ts';
import { recordingPolicy } from './purchases.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { joinLink, unsubscribeLink } from './reports.ts';
import type { Run } from './run.ts';
import { presentTime as clock } from './virtual-world.ts';

/** A purchase older than this earns no email. In ms. */
export const MAX_TRANSACTION_AGE = 48 * hour;
/** How long after a sign-up the first steps are due. In ms. */
export const FIRST_STEPS_AFTER = 3 * day;
/** How long after an email a sign-up may be credited to it. In ms. */
export const ATTRIBUTION_WINDOW = 14 * day;
/** How long emails and messages in quarantine are kept. In ms. */
export const EMAIL_RETENTION = 400 * day;
export const QUARANTINE_RETENTION = 90 * day;

export function sendingPolicyUnder({ webhookConfigured, maxAttempts }: Rules): SendingPolicy {
  return { ...sendingPolicy, webhookConfigured, maxAttempts };
}

/** The functions as one schedule configures them: the real use cases and adapters, with a Firestore client for each run. */
export class System {
  readonly rules: Rules;
  readonly faultModes: FaultModes = { sendgrid: 'accepting', analytics: 'answering' };
  readonly #chronicle: Chronicle;
  readonly #log: Log;

  constructor(rules: Rules, chronicle: Chronicle) {
    this.rules = rules;
    this.#chronicle = chronicle;
    this.#log = createLog(undefined, (line) => chronicle.log(line));
  }

  async recordTransaction(message: PublishedMessage, firestore: Firestore): Promise<void> {
    const log = this.#log;
    const quarantineMessage = this.#quarantineMessage(firestore);
    const transactions = firestoreTransactions(firestore);
    const policy = recordingPolicy;
    const useCase = createRecordTransaction({ transactions, quarantineMessage, policy, clock, log });
    await messageHandler(decodeTransaction, useCase, quarantineMessage, clock)(message);
  }

  async recordEngagement(message: PublishedMessage, firestore: Firestore): Promise<void> {
    const useCase = createRecordEngagement({
      engagements: firestoreEngagements(firestore),
      creditConversion: this.#creditConversion(firestore),
      policy: { ...recordingPolicy, firstStepsAfter: FIRST_STEPS_AFTER },
      log: this.#log,
    });
    await messageHandler(decodeEngagement, useCase, this.#quarantineMessage(firestore), clock)(message);
  }

  async recordDelivery(body: Uint8Array, firestore: Firestore): Promise<void> {
    const report = decodeDeliveryReport(body, { join: joinLink, unsubscribe: unsubscribeLink }, clock());
    if ('fault' in report) throw new Error(report.fault.message);
    const deliveries = firestoreDeliveries(firestore);
    const creditConversion = this.#creditConversion(firestore);
    await createRecordDelivery({ deliveries, creditConversion, log: this.#log })(report);
  }

  async unsubscribe(emailId: string, choice: Choice, firestore: Firestore): Promise<void> {
    const subscriptions = firestoreSubscriptions(firestore);
    await createUnsubscribe({ subscriptions, clock, log: this.#log })(emailId, { choice, how: 'page' });
  }

  async targetCustomer(change: CustomerChange, run: Run, firestore: Firestore): Promise<void> {
    const recorder = createRecorder(this.#chronicle.history, change);
    await targetCustomerFrom(this.#sendingParts(run, recorder, firestore))(change);
  }

  async resumeEmails(run: Run, firestore: Firestore): Promise<void> {
    const { batchSize, concurrency } = this.rules;
    const recorder = createRecorder(this.#chronicle.history);
    const customers = recorder.customers(firestoreCustomers(firestore));
    const parts = { ...this.#sendingParts(run, recorder, firestore), customers, batchSize, concurrency };
    await createResumeEmails({
      ...parts,
      resumeOpenEmails: resumeOpenEmailsFrom(parts),
      sendFirstSteps: sendFirstStepsFrom(parts),
    })();
  }

  #creditConversion(firestore: Firestore) {
    const conversions = firestoreConversions(firestore);
    return createCreditConversion({ conversions, attributionWindow: ATTRIBUTION_WINDOW, log: this.#log });
  }

  #quarantineMessage(firestore: Firestore) {
    const quarantine = firestoreQuarantine(firestore, QUARANTINE_RETENTION, clock);
    return createQuarantineMessage({ quarantine, log: this.#log });
  }

  #sendingParts(run: Run, recorder: Recorder, firestore: Firestore): SendingParts {
    const { cooldown, maxEmails } = this.rules;
    const outreachPolicy: OutreachPolicy = { cooldown, maxEmails, maxTransactionAge: MAX_TRANSACTION_AGE };
    return {
      ledger: recorder.ledger(firestoreOutreachLedger(firestore, EMAIL_RETENTION)),
      analytics: { ask: () => run.step(async () => analyticsResponse(this.faultModes.analytics)) },
      templates,
      mailer: recorder.mailer(run, () => this.faultModes.sendgrid),
      sendingSwitch: firestoreSendingSwitch(firestore, clock),
      policy: sendingPolicyUnder(this.rules),
      outreachPolicy,
      letterhead: {
        sender: { name: 'Farmacy Family', postalAddress: '1 Garden Way, Springfield' },
        joinLink,
        unsubscribeLinkFor: (id) => `${unsubscribeLink}?token=${id}.signed`,
      },
      clock,
      chance: Math.random,
      log: this.#log,
    };
  }
}

/** The change that an event of a customer describes. */
export function changeIn(body: Uint8Array): CustomerChange {
  const change = customerChange(decodeDocumentEvent(body));
  if (change === undefined) throw new Error('A customer was deleted.');
  return change;
}
