import { creditedEmail } from '../domain/attribution.ts';
import type { Log } from '../log.ts';
import type { ConversionLedger } from '../ports.ts';

export interface CreditConversion {
  readonly conversions: ConversionLedger;
  /** How long after an email a sign-up may be credited to it, in ms. */
  readonly attributionWindow: number;
  readonly log: Log;
}

/**
 * Credits the sign-up of a customer, if there was one, to the email that won it, and to no other. To be told again
 * whenever something becomes known that it depends on: the sign-up itself, or a click before it.
 * @throws RetryableError when the ledger cannot be reached.
 */
export async function creditConversion(customerId: string, to: CreditConversion): Promise<void> {
  const credited = await to.conversions.credit(customerId, (emails, signedUpAt) =>
    creditedEmail(emails, signedUpAt, to.attributionWindow),
  );
  if (credited !== undefined) to.log.conversionCredited(customerId, credited);
}
