import { firestoreClient } from '../adapters/firestore/client.ts';
import { firestoreConversions } from '../adapters/firestore/conversions.ts';
import { firestoreDeliveries } from '../adapters/firestore/deliveries.ts';
import { webhookVerifier } from '../adapters/sendgrid/webhook-signature.ts';
import { parseEnvironment } from '../config/environment.ts';
import { recordDeliveryVariables } from '../config/variables.ts';
import { log } from '../log.ts';
import { createCreditConversion } from '../usecases/credit-conversion.ts';
import { createRecordDelivery } from '../usecases/record-delivery.ts';

/** Composes `recordDelivery`. @throws ConfigError when the environment has faults. */
export function composeRecordDelivery() {
  const variables = parseEnvironment(recordDeliveryVariables, process.env);
  const firestore = firestoreClient();
  const creditConversion = createCreditConversion({
    conversions: firestoreConversions(firestore),
    attributionWindow: variables.ATTRIBUTION_WINDOW,
    log,
  });
  return {
    verify: webhookVerifier(variables.WEBHOOK_PUBLIC_KEY, variables.WEBHOOK_TOLERANCE, Date.now),
    links: { join: variables.JOIN_URL, unsubscribe: variables.UNSUBSCRIBE_URL },
    recordDelivery: createRecordDelivery({
      deliveries: firestoreDeliveries(firestore),
      creditConversion,
      log,
    }),
  };
}
