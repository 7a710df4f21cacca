/** The configuration of the functions that send emails. */
import type * as z from 'zod';
import { fixedSendingPolicy } from '../domain/email.ts';
import type { OutreachPolicy } from '../domain/outreach.ts';
import { parseEnvironment, type Environment } from './environment.ts';
import {
  outreachPolicyVariables,
  resumeEmailsVariables,
  targetCustomerVariables,
  type sendingVariables,
} from './variables.ts';

/** Configuration of `targetCustomer`. @throws ConfigError naming every fault at once. */
export function targetCustomerConfig(env: Environment) {
  const variables = parseEnvironment(targetCustomerVariables, env);
  return { ...sendingConfig(variables), outreachPolicy: outreachPolicyFrom(variables) };
}

/** Configuration of `resumeEmails`. @throws ConfigError naming every fault at once. */
export function resumeEmailsConfig(env: Environment) {
  const variables = parseEnvironment(resumeEmailsVariables, env);
  const limits = { cooldown: variables.COOLDOWN, maxEmails: variables.MAX_EMAILS };
  return { ...sendingConfig(variables), limits };
}

/** The policy of `targetCustomer` alone, for a command that explains it. @throws ConfigError naming every fault at once. */
export function outreachPolicyConfig(env: Environment): OutreachPolicy {
  return outreachPolicyFrom(parseEnvironment(outreachPolicyVariables, env));
}

function outreachPolicyFrom(variables: z.output<typeof outreachPolicyVariables>): OutreachPolicy {
  return {
    cooldown: variables.COOLDOWN,
    maxEmails: variables.MAX_EMAILS,
    maxTransactionAge: variables.MAX_TRANSACTION_AGE,
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
