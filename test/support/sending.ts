import type { Firestore } from '@google-cloud/firestore';
import { firestoreOutreachLedger } from '../../functions/src/adapters/firestore/outreach-ledger.ts';
import { loadCompiledTemplates } from '../../functions/src/adapters/liquid/compiled-templates.ts';
import { liquidTemplates } from '../../functions/src/adapters/liquid/templates.ts';
import type { OutreachPolicy } from '../../functions/src/domain/outreach.ts';
import type { SendOutcome } from '../../functions/src/domain/email.ts';
import type { Log } from '../../functions/src/log.ts';
import type { Analytics, CustomerStore, Mailer } from '../../functions/src/ports.ts';
import { createChooseContent } from '../../functions/src/usecases/choose-content.ts';
import { createResumeOpenEmails } from '../../functions/src/usecases/resume-open-emails.ts';
import {
  createSendEmail,
  type SendEmail,
  type SendEmailDependencies,
} from '../../functions/src/usecases/send-email.ts';
import { createSendFirstSteps } from '../../functions/src/usecases/send-first-steps.ts';
import { createTargetCustomer, type TargetCustomer } from '../../functions/src/usecases/target-customer.ts';
import { outreachPolicy, sendingPolicy } from './customers.ts';
import { day, now } from './transactions.ts';

export const templates = liquidTemplates(loadCompiledTemplates());

export const accepted: SendOutcome = { kind: 'accepted', messageId: 'message-1' };

/** The dependencies of everything that sends emails; a test replaces those that it is about. */
export interface SendingParts extends Omit<SendEmailDependencies, 'chooseContent'> {
  readonly analytics: Analytics | undefined;
  readonly outreachPolicy: OutreachPolicy;
}

/** Real dependencies except the mailer, without Analytics or a pause, and with a fixed clock. */
export function sendingParts(firestore: Firestore, log: Log, mailer: Mailer): SendingParts {
  return {
    ledger: firestoreOutreachLedger(firestore, 400 * day),
    analytics: undefined,
    templates,
    mailer,
    sendingSwitch: { isPaused: async () => false },
    policy: sendingPolicy,
    outreachPolicy,
    chance: () => 0,
    letterhead: {
      sender: { name: 'Farmacy Family', postalAddress: '1 Garden Way, Springfield' },
      joinLink: 'https://farmacy.example/join',
      unsubscribeLinkFor: (id) => `https://farmacy.example/unsubscribe?token=${id}.signed`,
    },
    clock: () => now,
    log,
  };
}

function sendEmailFrom(parts: SendingParts): SendEmail {
  return createSendEmail({ ...parts, chooseContent: createChooseContent(parts) });
}

export function targetCustomerFrom(parts: SendingParts): TargetCustomer {
  const { lease } = parts.policy;
  return createTargetCustomer({
    ...parts,
    sendEmail: sendEmailFrom(parts),
    policy: parts.outreachPolicy,
    lease,
  });
}

/** The dependencies of resuming, which are more than those of sending. */
export interface ResumingParts extends SendingParts {
  readonly customers: CustomerStore;
  readonly batchSize?: number;
  readonly concurrency?: number;
}

export function resumeOpenEmailsFrom(parts: ResumingParts) {
  return createResumeOpenEmails({ ...parts, sendEmail: sendEmailFrom(parts) });
}

export function sendFirstStepsFrom(parts: ResumingParts) {
  const { lease } = parts.policy;
  return createSendFirstSteps({
    ...parts,
    sendEmail: sendEmailFrom(parts),
    limits: parts.outreachPolicy,
    lease,
  });
}
