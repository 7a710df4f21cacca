import type { Firestore } from '@google-cloud/firestore';
import { z } from 'zod';
import { customerIdOf } from '../../functions/src/domain/identity.ts';
import { parseEnvironment, secret, type Environment } from '../../functions/src/config/environment.ts';
import type { Database } from '../database/open.ts';
import { LOCAL_HASH_KEY } from '../stack/environment.ts';

/**
 * The key that the pseudonyms of a database were made with: HASH_KEY of the environment, which an emulator does
 * without.
 * @throws Error saying what to do when there is none, or when it is not the right one.
 */
export async function findHashKey({ firestore, place }: Database, env: Environment): Promise<string> {
  const isLocal = place.emulator !== undefined;
  const hashKey = isLocal && !env['HASH_KEY'] ? LOCAL_HASH_KEY : givenKey(env);
  if (await contradicts(firestore, hashKey)) {
    throw new Error(
      `HASH_KEY is not the key of the pseudonyms of ${place.description}: with it nobody would be found. ` +
        'It must be the value that the functions there have.',
    );
  }
  return hashKey;
}

function givenKey(env: Environment): string {
  try {
    return parseEnvironment(z.object({ HASH_KEY: secret }), env).HASH_KEY;
  } catch (cause) {
    throw new Error(
      'Customers are found by their pseudonyms, and those take a key: set HASH_KEY to the secret that the functions ' +
        `have, in the environment of this command alone.\n${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Any customer tells: erasing with a wrong key would erase nobody and say that it is done. */
async function contradicts(firestore: Firestore, hashKey: string): Promise<boolean> {
  const { docs } = await firestore.collection('customers').select('email').limit(1).get();
  return docs.some((customer) => {
    const email = customer.get('email') as string | undefined;
    return email !== undefined && customerIdOf(email, hashKey) !== customer.id;
  });
}
