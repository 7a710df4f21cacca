import type { Group } from './customer.ts';
import type { EpochMs } from './time.ts';

/** The actions of a member in the app that count as engagement. */
export const engagementTypes = [
  'signed-up',
  'community-joined',
  'resource-viewed',
  'resource-consumed',
] as const;
export type EngagementType = (typeof engagementTypes)[number];

/** One action of a member in the app, checked and normalised. */
export interface Engagement {
  readonly eventId: string;
  readonly type: EngagementType;
  readonly occurredAt: EpochMs;
  /** Normalised: see messages/email-address.ts. */
  readonly email: string;
}

/** An engagement, with everything that is recorded for it. */
export interface EngagementRecord {
  readonly engagement: Engagement;
  readonly customerId: string;
  readonly group: Group;
  /** When the first steps are due, if this is a sign-up. */
  readonly firstStepsDueAt: EpochMs;
}
