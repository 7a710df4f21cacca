import type { Firestore } from '@google-cloud/firestore';
import { z } from 'zod';
import { customerIdOf } from '../../functions/src/domain/identity.ts';
import { parseEnvironment, secret, type Environment } from '../../functions/src/config/environment.ts';
import { emailAddress } from '../../functions/src/messages/email-address.ts';
import type { Database } from '../target/database.ts';
import { LOCAL_HASH_KEY } from '../target/local-stack.ts';

/** The person that a command is about, whether or not anything is stored about them. */
export interface Person {
  /** Normalised. */
  readonly email: string;
  readonly customerId: string;
}

/** The address in its normalised form; undefined when the text is not an address. */
export function normalizedAddress(text: string): string | undefined {
  return emailAddress.safeParse(text.normalize('NFKC')).data;
}

/** @param email normalised. */
export function personOf(email: string, hashKey: string): Person {
  return { email, customerId: customerIdOf(email, hashKey) };
}

/**
 * The key that the pseudonyms of a database were made with: HASH_KEY, or the key of the local stack on an emulator where
 * HASH_KEY is not set.
 * @throws Error that says what to do when there is no key, or when it is the wrong one.
 */
export async function findHashKey({ firestore, target }: Database, env: Environment): Promise<string> {
  const isLocal = target.emulator !== undefined;
  const hashKey = isLocal && !env['HASH_KEY'] ? LOCAL_HASH_KEY : givenKey(env);
  if (await contradicts(firestore, hashKey)) {
    throw new Error(
      `HASH_KEY is not the key of the pseudonyms in ${target.description}: no customer would be found with it. ` +
        'Set it to the value that the functions have there.',
    );
  }
  return hashKey;
}

function givenKey(env: Environment): string {
  try {
    return parseEnvironment(z.object({ HASH_KEY: secret }), env).HASH_KEY;
  } catch (cause) {
    throw new Error(
      'Customers are found by their pseudonyms, which need a key: set HASH_KEY, for this command only, to the secret ' +
        `that the functions have.\n${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Checks the key against one customer: erasing with a wrong key would report success and erase nothing. */
async function contradicts(firestore: Firestore, hashKey: string): Promise<boolean> {
  const { docs } = await firestore.collection('customers').select('email').limit(1).get();
  return docs.some((customer) => {
    const email = customer.get('email') as string | undefined;
    return email !== undefined && customerIdOf(email, hashKey) !== customer.id;
  });
}
