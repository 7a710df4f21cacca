import type { SendingSettings } from '../../functions/src/adapters/firestore/settings.ts';
import type { Customer } from '../../functions/src/domain/customer.ts';
import type { OpenEmail } from '../../functions/src/domain/email.ts';
import type {
  FirstStepsSkipReason,
  Outreach,
  OutreachPolicy,
  SkipReason,
  Suppression,
  SuppressionReason,
} from '../../functions/src/domain/outreach.ts';
import { formatTime, formatDuration } from '../terminal/format.ts';

/** What is explained, and everything that it depends on. */
export interface DecisionInput {
  /** Undefined when nothing is stored about the customer. */
  readonly customer: Customer | undefined;
  /** Undefined when no outreach has happened yet. */
  readonly outreach: Outreach | undefined;
  /** The emails that are neither accepted nor rejected. */
  readonly openEmails: readonly WaitingEmail[];
  /** The pause of all sending; undefined when sending is on. */
  readonly pause: Pause | undefined;
  readonly policy: OutreachPolicy;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** An email that waits for an answer or another attempt. `reason` says why, in the words of the ledger. */
export type WaitingEmail = Pick<OpenEmail, 'sequence' | 'status' | 'dueAt'> & { readonly reason?: string };

/** Since when, in epoch milliseconds, and why. */
export type Pause = Pick<SendingSettings, 'since' | 'why'>;

type KnownCustomerInput = DecisionInput & { readonly customer: Customer };
type Reason = SkipReason | FirstStepsSkipReason;

/** Why a customer gets no email, as the second half of a sentence. */
export function why(reason: Reason, input: KnownCustomerInput): string {
  return reasonTexts[reason](input);
}

const reasonTexts: Readonly<Record<Reason, (input: KnownCustomerInput) => string>> = {
  'no-email': () => 'no address is stored',
  engaged: () => 'they have signed up and become active',
  'control-group': () => 'they are in the control group, which gets no emails',
  'never-bought': () => 'they have never bought',
  'already-shown': () => 'they have had them already',
  'no-new-transaction': ({ customer, outreach }) =>
    customer.transactions === 0
      ? 'they have never bought'
      : `the last one answered ${purchases(outreach?.transactionsAnswered ?? 0)}, and they have not bought since`,
  'stale-transaction': ({ customer, policy, now }) =>
    `the last purchase was ${formatDuration(now - (customer.lastTransactionAt ?? now))} ago, and ` +
    `after ${formatDuration(policy.maxTransactionAge)} a purchase earns none`,
  suppressed: ({ outreach }) => whySuppressed(outreach ?? {}),
  'cap-reached': ({ outreach, policy }) =>
    `${outreach?.emailsSent ?? 0} have been claimed, and ${policy.maxEmails} is the limit`,
  cooldown: ({ outreach, policy, now }) =>
    `the last one was claimed ${formatDuration(now - (outreach?.lastClaimedAt ?? now))} ago, and ` +
    `the cooldown is ${formatDuration(policy.cooldown)}`,
};

const suppressionTexts: Readonly<Record<SuppressionReason, string>> = {
  bounced: 'the mailbox does not exist',
  dropped: 'SendGrid refuses the address',
  'spam-report': 'they reported an email as spam',
  unsubscribed: 'they unsubscribed',
  erased: 'they have been erased',
};

function whySuppressed({ suppressions = {}, pausedUntil = 0 }: Suppression): string {
  const reasons = Object.entries(suppressions) as [SuppressionReason, number][];
  if (reasons.length === 0) return `they have paused emails until ${formatTime(pausedUntil)}`;
  return reasons
    .map(([reason, since]) => `${suppressionTexts[reason]} (${formatTime(since)})`)
    .join(', and ');
}

function purchases(count: number): string {
  return count === 1 ? 'their first purchase' : `their first ${count} purchases`;
}
