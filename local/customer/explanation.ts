/** What the policy would do for a customer, in words. Pure: the same arguments always give the same sentences. */
import type { Customer } from '../../functions/src/domain/customer.ts';
import {
  decide,
  decideFirstSteps,
  type Decision,
  type SkipReason,
} from '../../functions/src/domain/outreach.ts';
import { instantInWords } from '../terminal/times.ts';
import { why, type Situation } from './reasons.ts';

/** Somebody of whom nothing is known but that they have an address. */
const newcomer: Customer = {
  customerId: '',
  email: '',
  emailSources: {},
  group: 'outreach',
  transactions: 0,
  spend: {},
  transactionsBySource: {},
  transactionsByLocation: {},
};

/** What happens now and why, what the next purchase would earn, and what becomes of the first steps. */
export function explanationOf(situation: Situation): string[] {
  return [presentOf(situation), futureOf(situation), ...firstStepsOf(situation)];
}

function presentOf(situation: Situation): string {
  const { customer, outreach, policy, now } = situation;
  if (customer === undefined) return 'No email now: nobody has bought or signed up with this address.';
  const decision = decide(customer, outreach, policy, now);
  if (decision.action === 'skip') {
    return `No email now: ${why(decision.reason, { ...situation, customer })}.`;
  }
  return (
    `Email ${decision.sequence} of at most ${policy.maxEmails} is due now, for a ${decision.stage} customer. ` +
    'targetCustomer sends it as soon as it hears of the last purchase; if that was minutes ago, its log says why not.'
  );
}

function futureOf(situation: Situation): string {
  const { customer = newcomer, outreach, policy, now } = situation;
  const ends = [(outreach?.lastClaimedAt ?? 0) + policy.cooldown, outreach?.pausedUntil ?? 0];
  let obstacle: SkipReason = 'no-new-transaction';
  for (const moment of [now, ...ends.filter((end) => end > now).toSorted((one, other) => one - other)]) {
    const decision = ifBoughtAt(moment, situation);
    if (decision.action === 'send') return earning(moment, situation);
    obstacle = decision.reason;
  }
  // At the last of these moments whatever passes has passed.
  return `No purchase earns an email any more: ${why(obstacle, { ...situation, customer })}.`;
}

function ifBoughtAt(moment: number, { customer = newcomer, outreach, policy }: Situation): Decision {
  const then = { ...customer, transactions: customer.transactions + 1, lastTransactionAt: moment };
  return decide(then, outreach, policy, moment);
}

function earning(moment: number, { customer, now }: Situation): string {
  const when = moment === now ? '' : ` after ${instantInWords(moment)}`;
  const unless = customer === undefined ? ', unless it puts them in the control group' : '';
  return `The next purchase${when} earns one${unless}.`;
}

function firstStepsOf(situation: Situation): string[] {
  const { customer = newcomer, outreach, policy, now } = situation;
  const dueAt = outreach?.firstStepsDueAt;
  if (outreach === undefined || dueAt === undefined) return [];
  const moment = Math.max(now, dueAt);
  const decision = decideFirstSteps(customer, outreach, policy, moment);
  switch (decision.action) {
    case 'send':
      return [
        `Unless they become active before, they are shown the first steps at ${instantInWords(moment)}.`,
      ];
    case 'postpone':
      return [`Showing them the first steps waits until ${instantInWords(decision.until)}.`];
    case 'skip':
      return [`They are not shown the first steps: ${why(decision.reason, { ...situation, customer })}.`];
  }
}
