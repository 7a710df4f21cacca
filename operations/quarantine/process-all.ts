/** How many messages are processed at the same time. */
const CONCURRENCY = 10;

export interface Tally {
  readonly done: number;
  readonly failed: number;
}

/** Processes every message, even when some of them fail. */
export async function processAll(
  ids: readonly string[],
  process: (id: string) => Promise<void>,
  onFailure: (id: string, error: unknown) => void,
): Promise<Tally> {
  let failed = 0;
  for (let start = 0; start < ids.length; start += CONCURRENCY) {
    const group = ids.slice(start, start + CONCURRENCY);
    const outcomes = await Promise.allSettled(group.map(process));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') continue;
      failed += 1;
      onFailure(group[index] ?? '', outcome.reason);
    }
  }
  return { done: ids.length - failed, failed };
}
