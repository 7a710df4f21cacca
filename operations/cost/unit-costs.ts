/**
 * What each case costs. The numbers are counted, not estimated: test/emulator/costs.spec.ts measures every line against
 * the real functions. docs/costs.md shows them.
 */
export interface UnitCost {
  /** How often a function is called. */
  readonly invocations: number;
  /** Documents read, written and deleted. A query that finds nothing is billed as one read. */
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
  /** Calls of Firestore. */
  readonly rpcs: number;
  /** Requests to SendGrid. Analytics, where it is used, adds one request to each email. */
  readonly requests: number;
}

const nothing: UnitCost = { invocations: 0, reads: 0, writes: 0, deletes: 0, rpcs: 0, requests: 0 };

/** Firestore makes the deletions itself when documents expire. */
export const unitCosts = {
  'new purchase': { ...nothing, invocations: 2, writes: 2, deletes: 1, rpcs: 1 },
  'purchase without an address': { ...nothing, invocations: 1, writes: 1, deletes: 1, rpcs: 1 },
  'duplicate of a purchase': { ...nothing, invocations: 1, reads: 1, rpcs: 2 },
  'purchase within the cooldown': { ...nothing, invocations: 2, reads: 1, writes: 2, deletes: 1, rpcs: 2 },
  'email sent': { ...nothing, reads: 1, writes: 3, deletes: 1, rpcs: 3, requests: 1 },
  'look at the settings': { ...nothing, reads: 1, rpcs: 1 },
  'email resumed': { ...nothing, reads: 3, writes: 2, rpcs: 5, requests: 1 },
  'webhook batch of 1,000 emails': { ...nothing, invocations: 1, writes: 1000, rpcs: 50 },
  'sign-up credited to an email': { ...nothing, invocations: 2, reads: 2, writes: 3, rpcs: 4 },
  activity: { ...nothing, invocations: 2, writes: 1, rpcs: 1 },
  'idle hour': { ...nothing, invocations: 12, reads: 36, rpcs: 36 },
} as const satisfies Record<string, UnitCost>;
