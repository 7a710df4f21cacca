import type * as z from 'zod';
import type { OutreachPolicy } from './domain/outreach.ts';
import { parseEnvironment, type Environment } from './environment.ts';
import {
  attributionVariables,
  ingestTransactionsVariables,
  quarantineVariables,
  recordDeliveryVariables,
  recordEngagementVariables,
  recordTransactionVariables,
  resumeEmailsVariables,
  targetCustomerVariables,
  unsubscribeVariables,
  type sendingVariables,
} from './variables.ts';

/** All configuration comes from the environment, is read once an instance, and is checked as a whole. */

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
