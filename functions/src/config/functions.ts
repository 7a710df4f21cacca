/** What each function gets from the environment: read once an instance, and checked as a whole. */
import type * as z from 'zod';
import { fixedSendingPolicy } from '../domain/email.ts';
import type { OutreachPolicy } from '../domain/outreach.ts';
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
    policy: {
      hashKey: variables.HASH_KEY,
      controlGroupShare: variables.CONTROL_GROUP_SHARE,
      firstStepsAfter: variables.FIRST_STEPS_AFTER,
    },
  };
}

/** Configuration of the functions that quarantine dead letters. @throws ConfigError naming every fault at once. */
export function quarantineConfig(env: Environment) {
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
  return { ...sendingConfig(variables), outreachPolicy: policyIn(variables) };
}

/** The policy of `targetCustomer` alone, for a command that explains it. @throws ConfigError naming every fault at once. */
export function outreachPolicyConfig(env: Environment): OutreachPolicy {
  const policyVariables = { COOLDOWN: true, MAX_EMAILS: true, MAX_TRANSACTION_AGE: true } as const;
  return policyIn(parseEnvironment(targetCustomerVariables.pick(policyVariables), env));
}

/** How sign-ups are credited, for a command that counts them. @throws ConfigError naming every fault at once. */
export function attributionConfig(env: Environment) {
  return { attributionWindow: parseEnvironment(attributionVariables, env).ATTRIBUTION_WINDOW };
}

/** Configuration of `resumeEmails`. @throws ConfigError naming every fault at once. */
export function resumeEmailsConfig(env: Environment) {
  const variables = parseEnvironment(resumeEmailsVariables, env);
  const limits = { cooldown: variables.COOLDOWN, maxEmails: variables.MAX_EMAILS };
  return { ...sendingConfig(variables), limits };
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
    sendingPolicy: {
      ...fixedSendingPolicy,
      giveUpAfter: variables.GIVE_UP_AFTER,
      webhookConfigured: variables.DELIVERY_WEBHOOK,
    },
  };
}

function policyIn(variables: {
  readonly COOLDOWN: number;
  readonly MAX_EMAILS: number;
  readonly MAX_TRANSACTION_AGE: number;
}): OutreachPolicy {
  return {
    cooldown: variables.COOLDOWN,
    maxEmails: variables.MAX_EMAILS,
    maxTransactionAge: variables.MAX_TRANSACTION_AGE,
  };
}

/** Undefined where there is no Analytics: then every email has static content. */
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
