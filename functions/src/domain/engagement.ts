import type { Group } from './customer.ts';
import type { EpochMs } from './time.ts';

/** What a member may do in the app that matters here. */
export const engagementTypes = [
  'signed-up',
  'community-joined',
  'resource-viewed',
  'resource-consumed',
] as const;
export type EngagementType = (typeof engagementTypes)[number];

/** One thing that a member did in the app, checked and normalised. */
export interface Engagement {
  readonly eventId: string;
  readonly type: EngagementType;
  readonly occurredAt: EpochMs;
  /** Normalised: see messages/email-address.ts. */
  readonly email: string;
}

/** An engagement with everything that recording it takes. */
export interface EngagementRecord {
  readonly engagement: Engagement;
  readonly customerId: string;
  readonly group: Group;
  /** When the first steps are due, if this is a sign-up. */
  readonly firstStepsDueAt: EpochMs;
}
