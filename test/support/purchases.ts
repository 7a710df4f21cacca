import { randomUUID } from 'node:crypto';
import { customerIdOf } from '../../functions/src/domain/identity.ts';
import { LOCAL_HASH_KEY } from '../../operations/target/local-stack.ts';
import { encoded, transactionMessage } from './transactions.ts';

/** A buyer that no other test uses. */
export interface Buyer {
  readonly email: string;
  /** The pseudonym of this buyer in the local stack. */
  readonly customerId: string;
}

export function someBuyer(): Buyer {
  const email = `buyer-${randomUUID()}@example.com`;
  return { email, customerId: customerIdOf(email, LOCAL_HASH_KEY) };
}

/** The data of a message about a purchase of this buyer. @param now the time of the purchase, in epoch milliseconds. */
export function purchaseOf({ email }: Buyer, now: number, changes: Record<string, unknown> = {}): Buffer {
  const occurredAt = new Date(now).toISOString();
  const customer = { email, emailSource: 'card' };
  return encoded(transactionMessage({ transactionId: randomUUID(), occurredAt, customer, ...changes }));
}
