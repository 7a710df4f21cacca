/** Load that is no plain HTTP request: as much as a system takes, or as much as comes. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../emulator-data/random.ts';

/** Random numbers have this many steps. */
const GRAIN = 1_000_000;

/** Keeps `inFlight` tasks running until `count` are done. */
export async function closedLoop(
  count: number,
  inFlight: number,
  task: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await task(next - 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, worker));
}

/**
 * Arrival times of independent tasks (a Poisson process), in ms from the start, in order.
 * @param rate tasks a second, on average.
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
 * Starts each task at its time, whether or not earlier tasks are done. A duration counts from the time at which the task
 * is due, so that a stall also counts for the tasks that wait behind it (no coordinated omission).
 * @param times in ms from now, in order.
 * @param task resolves with the `performance.now()` of its end.
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
