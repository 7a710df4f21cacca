import { creditedEmail } from '../domain/attribution.ts';
import type { Millis } from '../domain/time.ts';
import type { Log } from '../log.ts';
import type { ConversionLedger } from '../ports.ts';

/**
 * Credits the sign-up of a customer, if there is one, to the one email that earned it. Callers call it again for each fact that
 * it depends on: the sign-up itself, or a click before it.
 * @throws RetryableError when the ledger cannot be reached.
 */
export type CreditConversion = (customerId: string) => Promise<void>;

export function createCreditConversion({
  conversions,
  attributionWindow,
  log,
}: {
  readonly conversions: ConversionLedger;
  /** How long after an email a sign-up may be credited to it. */
  readonly attributionWindow: Millis;
  readonly log: Log;
}): CreditConversion {
  return async (customerId) => {
    const credit = await conversions.credit(customerId, (emails, signedUpAt) =>
      creditedEmail(emails, signedUpAt, attributionWindow),
    );
    if (credit !== undefined) log.conversionCredited(customerId, credit);
  };
}
