/**
 * The variables of the environment that the functions read, with their defaults and descriptions. docs/configuration.md is
 * generated from this file.
 */
import * as z from 'zod';
import { count, duration, ecdsaPublicKey, flag, httpUrl, list, secret, share } from './environment.ts';

/** Read by every function that makes pseudonyms of addresses. */
const identityVariables = z.object({
  HASH_KEY: secret.describe(
    'The key of the pseudonyms, at least 32 characters. Changing it makes every customer a new one.',
  ),
  CONTROL_GROUP_SHARE: share.describe(
    'The share of the customers, 0 to 1, who are never written to, so that the effect of the emails can be measured.',
  ),
});

export const quarantineVariables = z.object({
  QUARANTINE_RETENTION: duration('90d').describe('How long messages are kept in quarantine.'),
});

/** Read by `recordTransaction`. */
export const recordTransactionVariables = quarantineVariables.extend({
  ...identityVariables.shape,
  TRANSACTION_RETENTION: duration('730d').describe('How long transactions are kept.'),
});

/** Read by every function that credits sign-ups to emails. */
export const attributionVariables = z.object({
  ATTRIBUTION_WINDOW: duration('30d').describe('How long after an email a sign-up may be credited to it.'),
});

/** Read by `recordEngagement`. */
export const recordEngagementVariables = quarantineVariables.extend({
  ...identityVariables.shape,
  ...attributionVariables.shape,
  FIRST_STEPS_AFTER: duration('3d').describe('How long after a sign-up the first steps are explained.'),
});

/** A key is what RFC 6750 allows after `Bearer`. */
const VENDOR_KEY = /^(?<vendor>[a-z][a-z\d-]{0,62}):(?<key>[\w.~+/-]{32,}=*)$/u;

/** Read by `ingestTransactions`. */
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
    })
    .describe(
      'Which vendors may report purchases over HTTP: pairs `VENDOR:KEY`, separated by commas. Keys have at least 32 ' +
        'characters; a vendor may have several, so that keys can be replaced one after the other.',
    ),
  PUBLISH_TIMEOUT: duration('10s').describe(
    'How long Pub/Sub has to acknowledge what a vendor reports, before the vendor is asked to report it again.',
  ),
});

/** Read by `unsubscribe`. */
export const unsubscribeVariables = z.object({
  TOKEN_KEYS: list
    .pipe(z.tuple([secret], secret))
    .describe(
      'One or more keys of at least 32 characters, separated by commas. The first signs; all are honoured, so that links ' +
        'already sent survive a rotation.',
    ),
  SENDER_NAME: z.string().min(1).describe('The name that emails come from.'),
  SENDER_POSTAL_ADDRESS: z.string().min(1).describe('The postal address that the law requires in emails.'),
  PAGE_TIMEOUT: duration('10s').describe('How long the page may take before it asks to try again later.'),
});

/** Read by every function that sends emails. */
export const sendingVariables = z.object({
  EMAIL_RETENTION: duration('400d').describe('How long the ledger keeps an email.'),
  ANALYTICS_URL: httpUrl
    .exactOptional()
    .describe('Where Analytics is, without `/v1/content`. Without it, every email has static content.'),
  ANALYTICS_TIMEOUT: duration('800ms').describe('How long Analytics has before static content is used.'),
  ANALYTICS_AUTH: z
    .enum(['oidc', 'none'])
    .default('oidc')
    .describe('`oidc` sends an identity token, `none` does not (for local use).'),
  ANALYTICS_AUDIENCE: z
    .string()
    .min(1)
    .exactOptional()
    .describe('Whom the identity token is for. The origin of `ANALYTICS_URL` when absent.'),
  SENDGRID_API_KEY: z.string().min(1).describe('A key that may send mail and nothing else.'),
  SENDGRID_BASE_URL: httpUrl
    .exactOptional()
    .describe("Another address of SendGrid's API, such as a stand-in's."),
  SENDGRID_REGION: z
    .enum(['global', 'eu'])
    .default('global')
    .describe('`eu` keeps the mail on servers in the EU; the key must belong to an EU subuser.'),
  SENDGRID_TIMEOUT: duration('8s').describe('How long SendGrid has before an email is of unknown fate.'),
  SENDGRID_SANDBOX: flag.describe('`true` makes SendGrid check emails and deliver none.'),
  SENDER_EMAIL: z.email().describe('The address that emails come from; SendGrid must have verified it.'),
  ...unsubscribeVariables.pick({ TOKEN_KEYS: true, SENDER_NAME: true, SENDER_POSTAL_ADDRESS: true }).shape,
  JOIN_URL: httpUrl.describe('Where the button of an email leads.'),
  UNSUBSCRIBE_URL: httpUrl.describe('Where a customer unsubscribes; the signed token is added to it.'),
  GIVE_UP_AFTER: duration('3d').describe('How long after its claim an email is still worth sending.'),
  DELIVERY_WEBHOOK: flag.describe(
    "`true` once SendGrid's Event Webhook is set up. Until then, no email of unknown fate is sent again.",
  ),
});

/** Limits all outreach to one customer. */
const outreachVariables = z.object({
  COOLDOWN: duration('7d').describe('The least time between two emails to one customer.'),
  MAX_EMAILS: count(4).describe('The most emails that one customer ever gets.'),
});

/** Says when a purchase earns an email. */
export const outreachPolicyVariables = outreachVariables.extend({
  MAX_TRANSACTION_AGE: duration('48h').describe('A purchase older than this triggers no email.'),
});

/** Read by `targetCustomer`. */
export const targetCustomerVariables = sendingVariables.extend(outreachPolicyVariables.shape);

/** Read by `resumeEmails`. */
export const resumeEmailsVariables = sendingVariables.extend(outreachVariables.shape);

/** Read by `recordDelivery`. */
export const recordDeliveryVariables = sendingVariables
  .pick({ JOIN_URL: true, UNSUBSCRIBE_URL: true })
  .extend({
    ...attributionVariables.shape,
    WEBHOOK_PUBLIC_KEY: ecdsaPublicKey.describe(
      "SendGrid's verification key of the Signed Event Webhook, as its settings show it.",
    ),
    WEBHOOK_TOLERANCE: duration('25h').describe(
      'How old a request of SendGrid may be. It tries again for 24 hours, perhaps with the first signature.',
    ),
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

/** Kept in Secret Manager. */
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
