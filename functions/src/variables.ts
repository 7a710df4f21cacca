import * as z from 'zod';
import { atLeastOne, duration, ecdsaPublicKey, flag, httpUrl, list, secret, share } from './environment.ts';

/** The variables of the environment that the functions read; docs/configuration.md lists every one with its default. */

/** What every function reads that makes pseudonyms of addresses. */
const identityVariables = z.object({ HASH_KEY: secret, CONTROL_GROUP_SHARE: share });

export const quarantineVariables = z.object({ QUARANTINE_RETENTION: duration('90d') });

/** What `recordTransaction` reads. */
export const recordTransactionVariables = quarantineVariables.extend({
  ...identityVariables.shape,
  TRANSACTION_RETENTION: duration('730d'),
});

/** What every function reads that credits sign-ups to emails. */
export const attributionVariables = z.object({ ATTRIBUTION_WINDOW: duration('30d') });

/** What `recordEngagement` reads. */
export const recordEngagementVariables = quarantineVariables.extend({
  ...identityVariables.shape,
  ...attributionVariables.shape,
  FIRST_STEPS_AFTER: duration('3d'),
});

/** A key is what RFC 6750 allows after `Bearer`. */
const VENDOR_KEY = /^(?<vendor>[a-z][a-z\d-]{0,62}):(?<key>[\w.~+/-]{32,}=*)$/u;

/** What `ingestTransactions` reads. */
export const ingestTransactionsVariables = z.object({
  VENDOR_KEYS: list
    .refine((pairs) => pairs.every((pair) => VENDOR_KEY.test(pair)), {
      error:
        'must be pairs VENDOR:KEY, separated by commas: a vendor of small letters, digits and hyphens, ' +
        'a key of at least 32 letters, digits and -._~+/',
    })
    .transform((pairs) =>
      pairs.map((pair) => {
        const { vendor = '', key = '' } = VENDOR_KEY.exec(pair)?.groups ?? {};
        return { vendor, key };
      }),
    )
    .refine((pairs) => new Set(pairs.map(({ key }) => key)).size === pairs.length, {
      error: 'must not give one key twice',
    }),
  PUBLISH_TIMEOUT: duration('10s'),
});

/** What `unsubscribe` reads. */
export const unsubscribeVariables = z.object({
  TOKEN_KEYS: list.pipe(z.tuple([secret], secret)),
  SENDER_NAME: z.string().min(1),
  SENDER_POSTAL_ADDRESS: z.string().min(1),
  PAUSE_MONTHS: atLeastOne(3),
  PAGE_TIMEOUT: duration('10s'),
});

/** What every function reads that sends emails. */
export const sendingVariables = z.object({
  EMAIL_RETENTION: duration('400d'),
  ANALYTICS_URL: httpUrl.exactOptional(),
  ANALYTICS_TIMEOUT: duration('800ms'),
  ANALYTICS_AUTH: z.enum(['oidc', 'none']).default('oidc'),
  ANALYTICS_AUDIENCE: z.string().min(1).exactOptional(),
  SENDGRID_API_KEY: z.string().min(1),
  SENDGRID_BASE_URL: httpUrl.exactOptional(),
  SENDGRID_REGION: z.enum(['global', 'eu']).default('global'),
  SENDGRID_TIMEOUT: duration('8s'),
  SENDGRID_SANDBOX: flag,
  SENDER_EMAIL: z.email(),
  ...unsubscribeVariables.pick({ TOKEN_KEYS: true, SENDER_NAME: true, SENDER_POSTAL_ADDRESS: true }).shape,
  JOIN_URL: httpUrl,
  UNSUBSCRIBE_URL: httpUrl,
  EMAIL_LEASE: duration('5m'),
  RETRY_FIRST: duration('5m'),
  RETRY_LONGEST: duration('4h'),
  MAX_ATTEMPTS: atLeastOne(30),
  GIVE_UP_AFTER: duration('3d'),
  UNKNOWN_GRACE: duration('24h'),
  DELIVERY_WEBHOOK: flag,
});

/** What limits all outreach to one customer. */
const outreachVariables = z.object({
  COOLDOWN: duration('7d'),
  MAX_EMAILS: z.coerce.number().int().min(0).default(4),
});

/** What `targetCustomer` reads. */
export const targetCustomerVariables = sendingVariables.extend({
  ...outreachVariables.shape,
  MAX_TRANSACTION_AGE: duration('48h'),
});

/** What `resumeEmails` reads. */
export const resumeEmailsVariables = sendingVariables.extend({
  ...outreachVariables.shape,
  RESUME_BATCH: atLeastOne(200),
  RESUME_CONCURRENCY: atLeastOne(10),
});

/** What `recordDelivery` reads. */
export const recordDeliveryVariables = sendingVariables
  .pick({ JOIN_URL: true, UNSUBSCRIBE_URL: true })
  .extend({
    ...attributionVariables.shape,
    WEBHOOK_PUBLIC_KEY: ecdsaPublicKey,
    WEBHOOK_TOLERANCE: duration('25h'),
  });

/** What each function reads, by its name in functions.yaml. */
export const variablesByFunction: Readonly<Record<string, z.ZodObject>> = {
  recordTransaction: recordTransactionVariables,
  quarantineDeadLetter: quarantineVariables,
  quarantineDeadEngagement: quarantineVariables,
  recordEngagement: recordEngagementVariables,
  ingestTransactions: ingestTransactionsVariables,
  targetCustomer: targetCustomerVariables,
  resumeEmails: resumeEmailsVariables,
  recordDelivery: recordDeliveryVariables,
  unsubscribe: unsubscribeVariables,
};

/** Those that Secret Manager keeps. */
export const secretVariables: readonly string[] = [
  'HASH_KEY',
  'TOKEN_KEYS',
  'SENDGRID_API_KEY',
  'VENDOR_KEYS',
  'WEBHOOK_PUBLIC_KEY',
];

/** The name of every variable that any function reads. */
export const configVariables: readonly string[] = [
  ...new Set(Object.values(variablesByFunction).flatMap((variables) => Object.keys(variables.shape))),
];
