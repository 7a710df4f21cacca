import { firestoreClient } from '../adapters/firestore/client.ts';
import { firestoreConversions } from '../adapters/firestore/conversions.ts';
import { firestoreEngagements } from '../adapters/firestore/engagements.ts';
import { firestoreQuarantine } from '../adapters/firestore/quarantine.ts';
import { parseEnvironment } from '../config/environment.ts';
import { recordEngagementVariables } from '../config/variables.ts';
import { log } from '../log.ts';
import { createCreditConversion } from '../usecases/credit-conversion.ts';
import { createQuarantineMessage } from '../usecases/quarantine-message.ts';
import { createRecordEngagement } from '../usecases/record-engagement.ts';

/** Composes `recordEngagement`. @throws ConfigError when the environment has faults. */
export function composeRecordEngagement() {
  const variables = parseEnvironment(recordEngagementVariables, process.env);
  const firestore = firestoreClient();
  const quarantineMessage = createQuarantineMessage({
    quarantine: firestoreQuarantine(firestore, variables.QUARANTINE_RETENTION, Date.now),
    log,
  });
  const creditConversion = createCreditConversion({
    conversions: firestoreConversions(firestore),
    attributionWindow: variables.ATTRIBUTION_WINDOW,
    log,
  });
  const useCase = createRecordEngagement({
    engagements: firestoreEngagements(firestore),
    creditConversion,
    policy: {
      hashKey: variables.HASH_KEY,
      controlGroupShare: variables.CONTROL_GROUP_SHARE,
      firstStepsAfter: variables.FIRST_STEPS_AFTER,
    },
    log,
  });
  return { useCase, quarantineMessage };
}
