import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { LOCAL_HASH_KEY, LOOPBACK, PROJECT } from '../../operations/target/local-stack.ts';
import type { StackPorts } from './stack-ports.ts';

/** The region in functions.yaml. The functions emulator has it in its addresses. */
export const REGION = 'europe-west1';

/** Keys that are generated for each run. */
export interface LocalKeys {
  readonly tokenKey: string;
  readonly sendgridApiKey: string;
  /** Of the only vendor. */
  readonly vendorKey: string;
  /** The private key that signs SendGrid's webhook. */
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

/** The environment of clients of the emulators. */
export function clientEnvironment(ports: Pick<StackPorts, 'firestore' | 'pubsub'>): Record<string, string> {
  return {
    GOOGLE_CLOUD_PROJECT: PROJECT,
    FIRESTORE_EMULATOR_HOST: `${LOOPBACK}:${ports.firestore}`,
    PUBSUB_EMULATOR_HOST: `${LOOPBACK}:${ports.pubsub}`,
    METADATA_SERVER_DETECTION: 'none',
  };
}

/** The configuration of the local functions (docs/configuration.md). The sender is visibly not a real one. */
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

/** In SendGrid's format: DER in base64. */
function publicHalf(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
}
