/** What the policy does for a customer, in sentences. Pure. */
import type { Customer } from '../../functions/src/domain/customer.ts';
import {
  decide,
  decideFirstSteps,
  type Decision,
  type SkipReason,
} from '../../functions/src/domain/outreach.ts';
import { formatTime } from '../terminal/format.ts';
import { why, type DecisionInput } from './reasons.ts';

/** A customer about whom nothing is stored. */
const newcomer: Customer = {
  customerId: '',
  email: '',
  emailSources: {},
  group: 'outreach',
  transactions: 0,
  spend: {},
  transactionsBySource: {},
};

/** What happens now and why, what the next purchase earns, and whether the first steps are sent. */
export function explanationOf(input: DecisionInput): string[] {
  return [presentText(input), futureText(input), ...firstStepsText(input)];
}

function presentText(input: DecisionInput): string {
  const { customer, outreach, policy, now } = input;
  if (customer === undefined) return 'No email now: no customer has this address.';
  const decision = decide(customer, outreach, policy, now);
  if (decision.action === 'skip') {
    return `No email now: ${why(decision.reason, { ...input, customer })}.`;
  }
  return (
    `Email ${decision.sequence} of at most ${policy.maxEmails} is due now, for a ${decision.stage} customer. ` +
    'targetCustomer sends it when it gets the last purchase. If that was minutes ago, its log says why it has not.'
  );
}

function futureText(input: DecisionInput): string {
  const { customer = newcomer, outreach, policy, now } = input;
  const ends = [(outreach?.lastClaimedAt ?? 0) + policy.cooldown, outreach?.pausedUntil ?? 0];
  let obstacle: SkipReason = 'no-new-transaction';
  for (const moment of [now, ...ends.filter((end) => end > now).toSorted((one, other) => one - other)]) {
    const decision = ifBoughtAt(moment, input);
    if (decision.action === 'send') return earningText(moment, input);
    obstacle = decision.reason;
  }
  // By the last of these moments, every obstacle that passes has passed.
  return `No future purchase earns an email: ${why(obstacle, { ...input, customer })}.`;
}

function ifBoughtAt(moment: number, { customer = newcomer, outreach, policy }: DecisionInput): Decision {
  const then = { ...customer, transactions: customer.transactions + 1, lastTransactionAt: moment };
  return decide(then, outreach, policy, moment);
}

function earningText(moment: number, { customer, now }: DecisionInput): string {
  const when = moment === now ? '' : ` after ${formatTime(moment)}`;
  const unless = customer === undefined ? ', unless it puts them in the control group' : '';
  return `The next purchase${when} earns one${unless}.`;
}

function firstStepsText(input: DecisionInput): string[] {
  const { customer = newcomer, outreach, policy, now } = input;
  const dueAt = outreach?.firstStepsDueAt;
  if (outreach === undefined || dueAt === undefined) return [];
  const moment = Math.max(now, dueAt);
  const decision = decideFirstSteps(customer, outreach, policy, moment);
  switch (decision.action) {
    case 'send':
      return [`They get the first steps at ${formatTime(moment)}, unless they become active before.`];
    case 'postpone':
      return [`The first steps wait until ${formatTime(decision.until)}.`];
    case 'skip':
      return [`They do not get the first steps: ${why(decision.reason, { ...input, customer })}.`];
  }
}
