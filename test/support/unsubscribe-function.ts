import { randomUUID } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { signToken } from '../../functions/src/domain/signed-token.ts';
import type { FunctionProcess } from '../../local/production/function-process.ts';
import { emulators } from './emulators.ts';
import { startFunction } from './function-process.ts';

/** The first key signs new links; the second signed links before the last rotation. */
export const tokenKeys = [
  'the-current-key-of-the-tests-0123456789',
  'the-previous-key-of-the-tests-0123456789',
] as const;

/** `unsubscribe` in its own process, as it is deployed, with its own Firestore. */
export interface UnsubscribeFunction {
  readonly url: string;
  readonly firestore: Firestore;
  readonly logs: FunctionProcess['logs'];
  /** The link in the email with this ID. */
  linkIn(emailId: string, key?: string): string;
  close(): Promise<void>;
}

/** @param env variables that replace the usual ones. */
export async function startUnsubscribe(
  env: Readonly<Record<string, string>> = {},
): Promise<UnsubscribeFunction> {
  const host = (await emulators()).env['FIRESTORE_EMULATOR_HOST'] ?? '';
  const projectId = `demo-${randomUUID()}`;
  const served = await startFunction('unsubscribe', {
    GOOGLE_CLOUD_PROJECT: projectId,
    FIRESTORE_EMULATOR_HOST: host,
    TOKEN_KEYS: tokenKeys.join(),
    SENDER_NAME: 'Farmacy Family',
    SENDER_POSTAL_ADDRESS: '12 Market Street, Suite 4\nSpringfield, 00000',
    ...env,
  });
  const customHeaders = { Authorization: 'Bearer owner' };
  const firestore = new Firestore({ projectId, host, ssl: false, customHeaders });
  return {
    url: served.url,
    firestore,
    logs: served.logs,
    linkIn: (emailId, key = tokenKeys[0]) => `${served.url}/?token=${signToken('unsubscribe', emailId, key)}`,
    async close() {
      await served.terminate();
      await firestore.terminate();
    },
  };
}
