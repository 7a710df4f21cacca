import { firestoreClient } from '../adapters/firestore/client.ts';
import { firestoreCustomers } from '../adapters/firestore/customers.ts';
import { resumeEmailsConfig } from '../config/sending.ts';
import { log } from '../log.ts';
import { createResumeEmails } from '../usecases/resume-emails.ts';
import { createResumeOpenEmails } from '../usecases/resume-open-emails.ts';
import { createSendFirstSteps } from '../usecases/send-first-steps.ts';
import { composeSending } from './sending.ts';

/** Composes `resumeEmails`. @throws ConfigError when the environment has faults. */
export function composeResumeEmails() {
  const { limits, ...sending } = resumeEmailsConfig(process.env);
  const firestore = firestoreClient();
  const customers = firestoreCustomers(firestore);
  const { ledger, sendingSwitch, sendEmail } = composeSending(firestore, sending);
  const shared = { ledger, customers, sendEmail, clock: Date.now, log };
  const useCase = createResumeEmails({
    sendingSwitch,
    resumeOpenEmails: createResumeOpenEmails({ ...shared, policy: sending.sendingPolicy }),
    sendFirstSteps: createSendFirstSteps({ ...shared, limits, lease: sending.sendingPolicy.lease }),
    log,
  });
  return { useCase };
}
