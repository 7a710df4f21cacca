import { customerIdOf } from '../../functions/src/domain/identity.ts';
import { emailAddress } from '../../functions/src/messages/email-address.ts';

/** Whom a command is about, whether or not anything is stored of them. */
export interface Person {
  /** Normalised. */
  readonly email: string;
  readonly customerId: string;
}

/** The address in its one form; undefined when it is none. */
export function normalizedAddress(text: string): string | undefined {
  return emailAddress.safeParse(text).data;
}

/** @param email normalised. */
export function personOf(email: string, hashKey: string): Person {
  return { email, customerId: customerIdOf(email, hashKey) };
}
