import { firestoreClient } from '../adapters/firestore/client.ts';
import { firestoreConversions } from '../adapters/firestore/conversions.ts';
import { firestoreDeliveries } from '../adapters/firestore/deliveries.ts';
import { webhookVerifier } from '../adapters/sendgrid/webhook-signature.ts';
import { recordDeliveryConfig } from '../config/functions.ts';
import { log } from '../log.ts';
import { createCreditConversion } from '../usecases/credit-conversion.ts';
import { createRecordDelivery } from '../usecases/record-delivery.ts';

/** Everything that `recordDelivery` consists of. @throws ConfigError when the environment has faults. */
export function composeRecordDelivery() {
  const { links, webhook, attributionWindow } = recordDeliveryConfig(process.env);
  const firestore = firestoreClient();
  const creditConversion = createCreditConversion({
    conversions: firestoreConversions(firestore),
    attributionWindow,
    log,
  });
  return {
    verify: webhookVerifier(webhook.publicKey, webhook.tolerance, Date.now),
    links,
    recordDelivery: createRecordDelivery({
      deliveries: firestoreDeliveries(firestore),
      creditConversion,
      log,
    }),
  };
}
