import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { LOOPBACK } from './ports.ts';
import type { StackPorts } from './stack-ports.ts';

/** The emulators take a project whose name begins with `demo-` for one that exists nowhere else. */
export const PROJECT = 'demo-farmacy';

/** Where functions.yaml has the functions run; the emulator has it in their addresses. */
export const REGION = 'europe-west1';

/** The topic that the sources publish transactions to. */
export const TOPIC = 'transactions';

/**
 * The key of the pseudonyms on this machine. No secret, and always the same: the customers of emulator-data/ must be
 * recognised when they buy again.
 */
export const LOCAL_HASH_KEY = 'no-secret-the-pseudonyms-of-the-local-stack';

/** Made up anew for each run: nothing outlives it that was signed with them. */
export interface LocalKeys {
  readonly tokenKey: string;
  readonly sendgridApiKey: string;
  /** Of the only vendor there is. */
  readonly vendorKey: string;
  /** The private key with which SendGrid's webhook is signed. */
  readonly webhookKey: KeyObject;
}

export function randomKeys(): LocalKeys {
  const random = (): string => randomBytes(24).toString('hex');
  return {
    tokenKey: random(),
    sendgridApiKey: `SG.local-${random()}`,
    vendorKey: random(),
    webhookKey: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
  };
}

/** What clients of the emulators look for in their environment. */
export function clientEnvironment(ports: Pick<StackPorts, 'firestore' | 'pubsub'>): Record<string, string> {
  return {
    GOOGLE_CLOUD_PROJECT: PROJECT,
    FIRESTORE_EMULATOR_HOST: `${LOOPBACK}:${ports.firestore}`,
    PUBSUB_EMULATOR_HOST: `${LOOPBACK}:${ports.pubsub}`,
    METADATA_SERVER_DETECTION: 'none',
  };
}

/** The configuration of the functions on this machine (docs/configuration.md): visibly not a real sender. */
export function functionsEnvironment(
  keys: LocalKeys,
  urls: { readonly sendgrid: string; readonly analytics: string },
): Record<string, string> {
  return {
    HASH_KEY: LOCAL_HASH_KEY,
    TOKEN_KEYS: keys.tokenKey,
    VENDOR_KEYS: `local-vendor:${keys.vendorKey}`,
    SENDGRID_API_KEY: keys.sendgridApiKey,
    SENDGRID_BASE_URL: urls.sendgrid,
    WEBHOOK_PUBLIC_KEY: publicHalf(keys.webhookKey),
    ANALYTICS_URL: urls.analytics,
    ANALYTICS_AUTH: 'none',
    SENDER_EMAIL: 'hello@farmacy-local.example',
    SENDER_NAME: 'Farmacy Family',
    SENDER_POSTAL_ADDRESS: '1 Example Street, Sampletown, TX 75001, USA',
    JOIN_URL: 'https://farmacy-local.example/join',
    UNSUBSCRIBE_URL: 'https://farmacy-local.example/unsubscribe',
    METADATA_SERVER_DETECTION: 'none',
  };
}

/** As SendGrid shows it: base64 of its DER form. */
function publicHalf(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
}
