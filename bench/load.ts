/** Two ways of putting load on something: as much as it takes, and as much as comes. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../emulator-data/random.ts';

/** Random numbers are as fine as this. */
const GRAIN = 1_000_000;

/**
 * Keeps `inFlight` tasks going, each followed by the next, until `count` are done.
 * @returns how many were done a second.
 */
export async function closedLoop(
  count: number,
  inFlight: number,
  task: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await task(next - 1);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, worker));
  return (count * 1000) / (performance.now() - start);
}

/**
 * When tasks come that know nothing of each other (a Poisson process), in ms from the start, in order.
 * @param rate how many a second, on average.
 */
export function arrivals(count: number, rate: number, random: Random): number[] {
  const times: number[] = [];
  let time = 0;
  for (let index = 0; index < count; index += 1) {
    time += (-Math.log((random.below(GRAIN) + 1) / GRAIN) * 1000) / rate;
    times.push(time);
  }
  return times;
}

/**
 * Starts tasks at their times, whether or not earlier ones are done. How long one takes is counted from when it should
 * have started: who stalls is not let off for those who had to wait meanwhile.
 * @param times in ms from now, in order.
 * @param task resolves at its end with the time of `performance.now()`.
 * @returns the duration of each task in ms.
 */
export async function openLoop(
  times: readonly number[],
  task: (index: number) => Promise<number>,
): Promise<number[]> {
  const start = performance.now();
  const running: Promise<number>[] = [];
  for (const [index, time] of times.entries()) {
    const wait = start + time - performance.now();
    if (wait > 0) await delay(wait);
    running.push(task(index).then((end) => end - start - time));
  }
  return Promise.all(running);
}
