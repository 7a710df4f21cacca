import type { Firestore } from '@google-cloud/firestore';

/** A message or a request that is delivered until a function acknowledges it. */
export interface Delivery {
  readonly handle: (firestore: Firestore) => Promise<void>;
  readonly onAcknowledged: () => void;
  readonly isSignUp: boolean;
  acknowledged: boolean;
}

/** Counts back from the latest, and starts over at the end; undefined when there is nothing to choose from. */
export function chosen<T>(from: readonly T[], pick: number): T | undefined {
  return from.toReversed()[pick % from.length];
}

/** What waits to be delivered or, with `again`, everything. */
export function waiting<T extends { readonly acknowledged: boolean }>(
  all: readonly T[],
  again: boolean,
): readonly T[] {
  return again ? all : all.filter(({ acknowledged }) => !acknowledged);
}
