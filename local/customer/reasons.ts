import type { Customer } from '../../functions/src/domain/customer.ts';
import type {
  FirstStepsSkipReason,
  Outreach,
  OutreachPolicy,
  SkipReason,
  Suppression,
  SuppressionReason,
} from '../../functions/src/domain/outreach.ts';
import { instantInWords, spanInWords } from '../terminal/times.ts';

/** All that a decision depends on. */
export interface Situation {
  /** Undefined when nothing is known of the customer. */
  readonly customer: Customer | undefined;
  /** Undefined when nothing has been done for the customer yet. */
  readonly outreach: Outreach | undefined;
  readonly policy: OutreachPolicy;
  /** Epoch milliseconds. */
  readonly now: number;
}

type KnownSituation = Situation & { readonly customer: Customer };
type Reason = SkipReason | FirstStepsSkipReason;

/** Why a customer is not written to, as the second half of a sentence. */
export function why(reason: Reason, situation: KnownSituation): string {
  return reasonsInWords[reason](situation);
}

const reasonsInWords: Readonly<Record<Reason, (situation: KnownSituation) => string>> = {
  'no-email': () => 'no address is stored',
  engaged: () => 'they have signed up and been active, and are won',
  'control-group': () => 'they are in the control group, which is never written to',
  'never-bought': () => 'they have never bought',
  'already-shown': () => 'they have been',
  'no-new-transaction': ({ customer, outreach }) =>
    customer.transactions === 0
      ? 'they have never bought'
      : `the last one answered ${purchases(outreach?.transactionsAnswered ?? 0)}, and there was none since`,
  'stale-transaction': ({ customer, policy, now }) =>
    `the last purchase was ${spanInWords(now - (customer.lastTransactionAt ?? now))} ago, and after ` +
    `${spanInWords(policy.maxTransactionAge)} it earns none`,
  suppressed: ({ outreach }) => whySuppressed(outreach ?? {}),
  'cap-reached': ({ outreach, policy }) =>
    `${outreach?.emailsSent ?? 0} have been claimed, and ${policy.maxEmails} is the most`,
  cooldown: ({ outreach, policy, now }) =>
    `the last one was claimed ${spanInWords(now - (outreach?.lastClaimedAt ?? now))} ago, and ` +
    `${spanInWords(policy.cooldown)} must pass`,
};

const suppressionsInWords: Readonly<Record<SuppressionReason, string>> = {
  bounced: 'there is no such mailbox',
  dropped: 'SendGrid refuses the address',
  'spam-report': 'they reported an email as spam',
  unsubscribed: 'they unsubscribed',
  erased: 'they have been erased',
};

function whySuppressed({ suppressions = {}, pausedUntil = 0 }: Suppression): string {
  const reasons = Object.entries(suppressions) as [SuppressionReason, number][];
  if (reasons.length === 0) return `they want none until ${instantInWords(pausedUntil)}`;
  return reasons
    .map(([reason, since]) => `${suppressionsInWords[reason]} (${instantInWords(since)})`)
    .join(', and ');
}

function purchases(count: number): string {
  return count === 1 ? 'their first purchase' : `their ${count} purchases until then`;
}
