import ms from 'ms';
import { z } from 'zod';

/**
 * All configuration comes from the environment, is read once an instance, and is checked as a whole.
 * docs/configuration.md lists every variable with its default.
 */
type Environment = Readonly<Record<string, string | undefined>>;

const secret = z.string().min(32, { error: 'must have at least 32 characters' });

const duration = (byDefault: string) =>
  z
    .string()
    .default(byDefault)
    .transform((text) => ms(text as ms.StringValue) as number | undefined)
    .refine((value) => value !== undefined && value >= 0, {
      error: 'must be a duration such as 7d, 48h, 90s or 800ms',
    })
    .transform(Number);

const atLeastOne = (byDefault: number) => z.coerce.number().int().min(1).default(byDefault);
const share = z.coerce.number().min(0).max(1).default(0);
const httpUrl = z.url({ protocol: /^https?$/u, error: 'must be a URL that begins with https://' });
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

/** What `recordTransaction` reads. */
const recordTransactionVariables = z.object({
  HASH_KEY: secret,
  CONTROL_GROUP_SHARE: share,
  TRANSACTION_RETENTION: duration('730d'),
  QUARANTINE_RETENTION: duration('90d'),
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
  SENDER_NAME: z.string().min(1),
  SENDER_POSTAL_ADDRESS: z.string().min(1),
  JOIN_URL: httpUrl,
  UNSUBSCRIBE_URL: httpUrl,
  TOKEN_KEYS: z
    .string()
    .transform((keys) => keys.split(',').map((key) => key.trim()))
    .pipe(z.tuple([secret], secret)),
  EMAIL_LEASE: duration('5m'),
  RETRY_FIRST: duration('5m'),
  RETRY_LONGEST: duration('4h'),
  MAX_ATTEMPTS: atLeastOne(30),
  GIVE_UP_AFTER: duration('3d'),
  UNKNOWN_GRACE: duration('24h'),
  DELIVERY_WEBHOOK: flag,
});

/** What `targetCustomer` reads. */
const targetCustomerVariables = sendingVariables.extend({
  COOLDOWN: duration('7d'),
  MAX_EMAILS: z.coerce.number().int().min(0).default(4),
  MAX_TRANSACTION_AGE: duration('48h'),
});

/** What `resumeEmails` reads. */
const resumeEmailsVariables = sendingVariables.extend({
  RESUME_BATCH: atLeastOne(200),
  RESUME_CONCURRENCY: atLeastOne(10),
});

/** The name of every variable that any function reads. */
export const configVariables: readonly string[] = [
  ...new Set(
    [recordTransactionVariables, targetCustomerVariables, resumeEmailsVariables].flatMap(
      (variables) => variables.keyof().options,
    ),
  ),
];

/** Configuration of `recordTransaction`. @throws ConfigError naming every fault at once. */
export function recordTransactionConfig(env: Environment) {
  const variables = parse(recordTransactionVariables, env);
  return {
    quarantineRetention: variables.QUARANTINE_RETENTION,
    policy: {
      hashKey: variables.HASH_KEY,
      controlGroupShare: variables.CONTROL_GROUP_SHARE,
      transactionRetention: variables.TRANSACTION_RETENTION,
    },
  };
}

/** Configuration of `targetCustomer`. @throws ConfigError naming every fault at once. */
export function targetCustomerConfig(env: Environment) {
  const variables = parse(targetCustomerVariables, env);
  return {
    ...sendingConfig(variables),
    policy: {
      cooldown: variables.COOLDOWN,
      maxEmails: variables.MAX_EMAILS,
      maxTransactionAge: variables.MAX_TRANSACTION_AGE,
    },
  };
}

/** Configuration of `resumeEmails`. @throws ConfigError naming every fault at once. */
export function resumeEmailsConfig(env: Environment) {
  const variables = parse(resumeEmailsVariables, env);
  return {
    ...sendingConfig(variables),
    batchSize: variables.RESUME_BATCH,
    concurrency: variables.RESUME_CONCURRENCY,
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

/** The environment does not say what it must. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

function parse<T extends z.ZodType>(schema: T, env: Environment): z.output<T> {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    `The configuration has faults; see docs/configuration.md:\n${faults(parsed.error, given)}`,
  );
}

/** Names the variables, never their values: some of them are secrets. */
function faults(error: z.ZodError, given: [string, unknown][]): string {
  const names = new Set(given.map(([name]) => name));
  return error.issues
    .map(
      ({ path: [variable], message }) =>
        `- ${String(variable)}: ${names.has(String(variable)) ? message : 'is not set'}`,
    )
    .join('\n');
}
