import { groupOf } from '../domain/customer.ts';
import type { Engagement, EngagementRecord } from '../domain/engagement.ts';
import { customerIdOf } from '../domain/identity.ts';
import type { PublishedMessage } from '../domain/published-message.ts';
import type { Millis } from '../domain/time.ts';
import type { Log } from '../log.ts';
import type { EngagementStore } from '../ports.ts';
import type { CreditConversion } from './credit-conversion.ts';

/** The rules for recording engagements. */
export interface EngagementPolicy {
  /** Key of the pseudonyms. */
  readonly hashKey: string;
  /** The share of the customers who get no emails, 0 to 1. */
  readonly controlGroupShare: number;
  /** How long after a sign-up without activity the first steps are due. */
  readonly firstStepsAfter: Millis;
}

/**
 * A member acts in the app: the customer is updated, even one who never bought, and a sign-up is credited to the email that
 * earned it. The facts are earliest times, so any order and any repetition ends in the same documents.
 * @throws RetryableError when the store cannot be reached: the message must be delivered again.
 */
export type RecordEngagement = (engagement: Engagement, message: PublishedMessage) => Promise<void>;

export function createRecordEngagement({
  engagements,
  creditConversion,
  policy,
  log,
}: {
  readonly engagements: EngagementStore;
  readonly creditConversion: CreditConversion;
  readonly policy: EngagementPolicy;
  readonly log: Log;
}): RecordEngagement {
  return async (engagement, message) => {
    const record = engagementRecord(engagement, policy);
    await engagements.record(record);
    log.engagementRecorded(message, record.customerId, engagement.type);

    if (engagement.type === 'signed-up') await creditConversion(record.customerId);
  };
}

function engagementRecord(engagement: Engagement, policy: EngagementPolicy): EngagementRecord {
  const customerId = customerIdOf(engagement.email, policy.hashKey);
  return {
    engagement,
    customerId,
    group: groupOf(customerId, policy.controlGroupShare),
    firstStepsDueAt: engagement.occurredAt + policy.firstStepsAfter,
  };
}
