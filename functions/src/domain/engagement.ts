/** What somebody may do in the app that matters here. */
export const engagementTypes = [
  'signed-up',
  'community-joined',
  'resource-viewed',
  'resource-consumed',
] as const;
export type EngagementType = (typeof engagementTypes)[number];

/** One thing that somebody did in the app, checked and normalised. */
export interface Engagement {
  readonly eventId: string;
  readonly type: EngagementType;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  /** Normalised: see messages/email-address.ts. */
  readonly email: string;
}
