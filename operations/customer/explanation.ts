/** What the policy does for a customer, in sentences. Pure. */
import type { Customer } from '../../functions/src/domain/customer.ts';
import {
  decide,
  decideFirstSteps,
  type Decision,
  type SkipReason,
} from '../../functions/src/domain/outreach.ts';
import { formatTime } from '../terminal/format.ts';
import { why, type DecisionInput, type WaitingEmail } from './reasons.ts';

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
  const waiting = input.openEmails.map((email) => waitingText(email, input));
  const present = waiting.length > 0 ? waiting : [presentText(input)];
  return [...pauseText(input), ...present, futureText(input), ...firstStepsText(input)];
}

function pauseText({ pause }: DecisionInput): string[] {
  if (pause === undefined) return [];
  const why = pause.why === undefined ? '' : ` (${pause.why})`;
  return [
    `All sending has been paused since ${formatTime(pause.since)}${why}: no email leaves until it is resumed.`,
  ];
}

function waitingText(
  { sequence, status, reason, dueAt }: WaitingEmail,
  { pause, now }: DecisionInput,
): string {
  const next = dueAt > now ? `at ${formatTime(dueAt)}` : 'with the next run of resumeEmails';
  switch (status) {
    case 'claimed':
      return `Email ${sequence} is being sent. If that run has died, the email is taken up again ${next}.`;
    case 'unknown':
      return (
        `Email ${sequence} may have been sent (${reason ?? 'no answer'}). If SendGrid's webhook reports nothing about it, ` +
        `it is decided on again ${next}.`
      );
    case 'deferred':
      if (pause !== undefined) return `Email ${sequence} waits: it leaves when sending is resumed.`;
      if (reason === 'sending-paused')
        return `Email ${sequence} waited for the end of a pause and leaves ${next}.`;
      return `Email ${sequence} waits (${reason ?? 'no reason known'}) and is tried again ${next}.`;
  }
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
