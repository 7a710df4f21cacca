/** Messages that are worked on at the same time. */
const AT_ONCE = 10;

export interface Tally {
  readonly done: number;
  readonly failed: number;
}

/** Does the same to each message; one that fails keeps no other from its turn. */
export async function forEachMessage(
  ids: readonly string[],
  act: (id: string) => Promise<void>,
  onFailure: (id: string, error: unknown) => void,
): Promise<Tally> {
  let failed = 0;
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const group = ids.slice(start, start + AT_ONCE);
    const outcomes = await Promise.allSettled(group.map(act));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') continue;
      failed += 1;
      onFailure(group[index] ?? '', outcome.reason);
    }
  }
  return { done: ids.length - failed, failed };
}
