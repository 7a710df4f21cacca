import { firestoreClient } from '../adapters/firestore/client.ts';
import { firestoreConversions } from '../adapters/firestore/conversions.ts';
import { firestoreEngagements } from '../adapters/firestore/engagements.ts';
import { firestoreQuarantine } from '../adapters/firestore/quarantine.ts';
import { recordEngagementConfig } from '../config/functions.ts';
import { log } from '../log.ts';
import { createCreditConversion } from '../usecases/credit-conversion.ts';
import { createQuarantineMessage } from '../usecases/quarantine-message.ts';
import { createRecordEngagement } from '../usecases/record-engagement.ts';

/** Everything that `recordEngagement` consists of. @throws ConfigError when the environment has faults. */
export function composeRecordEngagement() {
  const { policy, attributionWindow, quarantineRetention } = recordEngagementConfig(process.env);
  const firestore = firestoreClient();
  const quarantineMessage = createQuarantineMessage({
    quarantine: firestoreQuarantine(firestore, quarantineRetention, Date.now),
    log,
  });
  const creditConversion = createCreditConversion({
    conversions: firestoreConversions(firestore),
    attributionWindow,
    log,
  });
  const useCase = createRecordEngagement({
    engagements: firestoreEngagements(firestore),
    creditConversion,
    policy,
    log,
  });
  return { useCase, quarantineMessage };
}
