import { groupOf } from '../domain/customer.ts';
import type { Engagement } from '../domain/engagement.ts';
import { customerIdOf } from '../domain/identity.ts';
import type { Log } from '../log.ts';
import { decodeEngagement } from '../messages/engagement.ts';
import type { PublishedMessage } from '../messages/pubsub-event.ts';
import type { Clock, EngagementStore } from '../ports.ts';
import { creditConversion, type CreditConversion } from './credit-conversion.ts';
import { keepInQuarantine, type KeepInQuarantine } from './keep-in-quarantine.ts';

interface EngagementPolicy {
  /** Key of the pseudonyms. */
  readonly hashKey: string;
  /** Share of the customers who are never mailed, 0 to 1. */
  readonly controlGroupShare: number;
  /** How long after a sign-up without activity the first steps are explained, in ms. */
  readonly firstStepsAfter: number;
}

export interface RecordEngagement extends CreditConversion, KeepInQuarantine {
  readonly engagements: EngagementStore;
  readonly engagement: EngagementPolicy;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Somebody did something in the app: the customer is brought up to date, whether or not they have ever bought, and a
 * sign-up is credited to the email that won it. The facts are earliest times, so that any order and any repetition
 * ends in the same documents.
 * @throws RetryableError when the store cannot be reached: the message must be delivered again.
 */
export async function recordEngagement(message: PublishedMessage, to: RecordEngagement): Promise<void> {
  const decoded = decodeEngagement(message.data, to.clock());
  if ('fault' in decoded) return keepInQuarantine(message, decoded.fault, to);

  const { engagement } = decoded;
  const customerId = customerIdOf(engagement.email, to.engagement.hashKey);
  await to.engagements.record(engagementRecord(engagement, customerId, to.engagement));
  to.log.engagementRecorded(message, customerId, engagement.type);

  if (engagement.type === 'signed-up') await creditConversion(customerId, to);
}

function engagementRecord(engagement: Engagement, customerId: string, policy: EngagementPolicy) {
  return {
    engagement,
    customerId,
    group: groupOf(customerId, policy.controlGroupShare),
    firstStepsDueAt: engagement.occurredAt + policy.firstStepsAfter,
  };
}
