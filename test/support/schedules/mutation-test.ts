import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';
import { BLOCK, ci, Player } from './players.ts';

const plantMutant = fileURLToPath(new URL('plant-mutant.ts', import.meta.url));

/** What the schedules that CI plays make of a mutant. */
export interface Verdict {
  readonly mutant: Mutant;
  /** How many schedules it took to find it; undefined when none found it. */
  readonly schedules: number | undefined;
  /** The promise that it broke. */
  readonly promise: string;
}

/** Plays each mutant until a schedule finds it. @param only a part of the names of the mutants to play. */
export async function playMutants(only: string, onVerdict: (verdict: Verdict) => void): Promise<void> {
  const waiting = mutants.filter(({ name }) => name.includes(only));
  const work = async () => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) onVerdict(await verdictOn(mutant));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

/** An error that is not a broken promise does not count: such a mutant would be found without schedules. */
async function verdictOn(mutant: Mutant): Promise<Verdict> {
  const player = new Player([plantMutant], { MUTANT: mutant.name });
  try {
    for (let block = 0; block < ci.blocks; block += 1) {
      const task = { seed: ci.seed + block, runs: BLOCK, endOnFailure: true };
      const { runs, failure, brokePromise } = await player.play(task);
      if (failure === undefined) continue;
      const schedules = brokePromise ? block * BLOCK + runs : undefined;
      return { mutant, schedules, promise: failure };
    }
    return { mutant, schedules: undefined, promise: 'none' };
  } finally {
    player.close();
  }
}
