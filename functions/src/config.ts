import { z } from 'zod';
import type { OutreachPolicy } from './domain/outreach.ts';
import {
  atLeastOne,
  duration,
  ecdsaPublicKey,
  flag,
  httpUrl,
  list,
  parseEnvironment,
  secret,
  share,
  type Environment,
} from './environment.ts';

/**
 * All configuration comes from the environment, is read once an instance, and is checked as a whole.
 * docs/configuration.md lists every variable with its default.
 */

/** What every function reads that makes pseudonyms of addresses. */
const identityVariables = z.object({ HASH_KEY: secret, CONTROL_GROUP_SHARE: share });

const quarantineVariables = z.object({ QUARANTINE_RETENTION: duration('90d') });

/** What `recordTransaction` reads. */
const recordTransactionVariables = quarantineVariables.extend({
  ...identityVariables.shape,
  TRANSACTION_RETENTION: duration('730d'),
});

/** What every function reads that credits sign-ups to emails. */
const attributionVariables = z.object({ ATTRIBUTION_WINDOW: duration('30d') });

/** What `recordEngagement` reads. */
const recordEngagementVariables = quarantineVariables.extend({
  ...identityVariables.shape,
  ...attributionVariables.shape,
  FIRST_STEPS_AFTER: duration('3d'),
});

/** A key is what RFC 6750 allows after `Bearer`. */
const VENDOR_KEY = /^(?<vendor>[a-z][a-z\d-]{0,62}):(?<key>[\w.~+/-]{32,}=*)$/u;

/** What `ingestTransactions` reads. */
const ingestTransactionsVariables = z.object({
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
const unsubscribeVariables = z.object({
  TOKEN_KEYS: list.pipe(z.tuple([secret], secret)),
  SENDER_NAME: z.string().min(1),
  SENDER_POSTAL_ADDRESS: z.string().min(1),
  PAUSE_MONTHS: atLeastOne(3),
  PAGE_TIMEOUT: duration('10s'),
});

/** What every function reads that sends emails. */
const sendingVariables = z.object({
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
const targetCustomerVariables = sendingVariables.extend({
  ...outreachVariables.shape,
  MAX_TRANSACTION_AGE: duration('48h'),
});

/** What `resumeEmails` reads. */
const resumeEmailsVariables = sendingVariables.extend({
  ...outreachVariables.shape,
  RESUME_BATCH: atLeastOne(200),
  RESUME_CONCURRENCY: atLeastOne(10),
});

/** What `recordDelivery` reads. */
const recordDeliveryVariables = sendingVariables.pick({ JOIN_URL: true, UNSUBSCRIBE_URL: true }).extend({
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

/** Configuration of `recordTransaction`. @throws ConfigError naming every fault at once. */
export function recordTransactionConfig(env: Environment) {
  const variables = parseEnvironment(recordTransactionVariables, env);
  return {
    quarantineRetention: variables.QUARANTINE_RETENTION,
    policy: {
      hashKey: variables.HASH_KEY,
      controlGroupShare: variables.CONTROL_GROUP_SHARE,
      transactionRetention: variables.TRANSACTION_RETENTION,
    },
  };
}

/** Configuration of `recordEngagement`. @throws ConfigError naming every fault at once. */
export function recordEngagementConfig(env: Environment) {
  const variables = parseEnvironment(recordEngagementVariables, env);
  return {
    quarantineRetention: variables.QUARANTINE_RETENTION,
    attributionWindow: variables.ATTRIBUTION_WINDOW,
    engagement: {
      hashKey: variables.HASH_KEY,
      controlGroupShare: variables.CONTROL_GROUP_SHARE,
      firstStepsAfter: variables.FIRST_STEPS_AFTER,
    },
  };
}

/** Configuration of `quarantineDeadLetter`. @throws ConfigError naming every fault at once. */
export function quarantineDeadLetterConfig(env: Environment) {
  return { quarantineRetention: parseEnvironment(quarantineVariables, env).QUARANTINE_RETENTION };
}

/** Configuration of `ingestTransactions`. @throws ConfigError naming every fault at once. */
export function ingestTransactionsConfig(env: Environment) {
  const variables = parseEnvironment(ingestTransactionsVariables, env);
  return { vendorKeys: variables.VENDOR_KEYS, publishTimeout: variables.PUBLISH_TIMEOUT };
}

/** Configuration of `targetCustomer`. @throws ConfigError naming every fault at once. */
export function targetCustomerConfig(env: Environment) {
  const variables = parseEnvironment(targetCustomerVariables, env);
  return {
    ...sendingConfig(variables),
    policy: {
      cooldown: variables.COOLDOWN,
      maxEmails: variables.MAX_EMAILS,
      maxTransactionAge: variables.MAX_TRANSACTION_AGE,
    },
  };
}

/** The policy of `targetCustomer` alone, for whoever explains it. @throws ConfigError naming every fault at once. */
export function outreachPolicyConfig(env: Environment): OutreachPolicy {
  const policyVariables = { COOLDOWN: true, MAX_EMAILS: true, MAX_TRANSACTION_AGE: true } as const;
  const variables = parseEnvironment(targetCustomerVariables.pick(policyVariables), env);
  return {
    cooldown: variables.COOLDOWN,
    maxEmails: variables.MAX_EMAILS,
    maxTransactionAge: variables.MAX_TRANSACTION_AGE,
  };
}

/** How sign-ups are credited, for whoever counts them. @throws ConfigError naming every fault at once. */
export function attributionConfig(env: Environment) {
  return { attributionWindow: parseEnvironment(attributionVariables, env).ATTRIBUTION_WINDOW };
}

/** Configuration of `resumeEmails`. @throws ConfigError naming every fault at once. */
export function resumeEmailsConfig(env: Environment) {
  const variables = parseEnvironment(resumeEmailsVariables, env);
  return {
    ...sendingConfig(variables),
    policy: { cooldown: variables.COOLDOWN, maxEmails: variables.MAX_EMAILS },
    batchSize: variables.RESUME_BATCH,
    concurrency: variables.RESUME_CONCURRENCY,
  };
}

/** Configuration of `recordDelivery`. @throws ConfigError naming every fault at once. */
export function recordDeliveryConfig(env: Environment) {
  const variables = parseEnvironment(recordDeliveryVariables, env);
  return {
    links: { join: variables.JOIN_URL, unsubscribe: variables.UNSUBSCRIBE_URL },
    webhook: { publicKey: variables.WEBHOOK_PUBLIC_KEY, tolerance: variables.WEBHOOK_TOLERANCE },
    attributionWindow: variables.ATTRIBUTION_WINDOW,
  };
}

/** Configuration of `unsubscribe`. @throws ConfigError naming every fault at once. */
export function unsubscribeConfig(env: Environment) {
  const variables = parseEnvironment(unsubscribeVariables, env);
  return {
    tokenKeys: variables.TOKEN_KEYS,
    sender: { name: variables.SENDER_NAME, postalAddress: variables.SENDER_POSTAL_ADDRESS },
    pauseMonths: variables.PAUSE_MONTHS,
    timeout: variables.PAGE_TIMEOUT,
  };
}

type SendingVariables = z.output<typeof sendingVariables>;
export type SendingConfig = ReturnType<typeof sendingConfig>;

function sendingConfig(variables: SendingVariables) {
  return {
    emailRetention: variables.EMAIL_RETENTION,
    joinLink: variables.JOIN_URL,
    unsubscribe: { url: variables.UNSUBSCRIBE_URL, tokenKey: variables.TOKEN_KEYS[0] },
    sender: { name: variables.SENDER_NAME, postalAddress: variables.SENDER_POSTAL_ADDRESS },
    analytics: analyticsConfig(variables),
    sendgrid: sendgridConfig(variables),
    delivery: {
      lease: variables.EMAIL_LEASE,
      firstBackoff: variables.RETRY_FIRST,
      longestBackoff: variables.RETRY_LONGEST,
      maxAttempts: variables.MAX_ATTEMPTS,
      giveUpAfter: variables.GIVE_UP_AFTER,
      grace: variables.UNKNOWN_GRACE,
      webhookConfigured: variables.DELIVERY_WEBHOOK,
    },
  };
}

/** Undefined where there is no Analytics: then everybody gets static content. */
function analyticsConfig(variables: SendingVariables) {
  if (variables.ANALYTICS_URL === undefined) return undefined;
  return {
    url: variables.ANALYTICS_URL,
    timeout: variables.ANALYTICS_TIMEOUT,
    auth: variables.ANALYTICS_AUTH,
    audience: variables.ANALYTICS_AUDIENCE ?? new URL(variables.ANALYTICS_URL).origin,
  };
}

function sendgridConfig(variables: SendingVariables) {
  return {
    apiKey: variables.SENDGRID_API_KEY,
    ...(variables.SENDGRID_BASE_URL !== undefined && { baseUrl: variables.SENDGRID_BASE_URL }),
    region: variables.SENDGRID_REGION,
    timeout: variables.SENDGRID_TIMEOUT,
    sandbox: variables.SENDGRID_SANDBOX,
    sender: { email: variables.SENDER_EMAIL, name: variables.SENDER_NAME },
  };
}
