import { closedLoop } from './load.ts';
import { cpuTime } from './machine.ts';

/** What is left to do of something when everything that can be made ready is. */
export type Job = () => Promise<unknown>;

/** How many jobs a second are expected before anything is known. */
const FIRST_GUESS = 300;

export interface Round {
  /** Jobs a second. */
  readonly rate: number;
  /** How much of a core this process took. */
  readonly benchmarkLoad: number;
}

/** One of the ways that are compared with each other: rounds of jobs, as many in each as fit into its length. */
export class Lane {
  readonly rounds: Round[] = [];
  readonly #prepare: () => Job;
  readonly #inFlight: number;
  readonly #roundLength: number;

  /** @param roundLength in seconds, roughly. */
  constructor(prepare: () => Job, inFlight: number, roundLength: number) {
    this.#prepare = prepare;
    this.#inFlight = inFlight;
    this.#roundLength = roundLength;
  }

  async run(): Promise<void> {
    const expected = this.rounds.at(-1)?.rate ?? FIRST_GUESS;
    const jobs = Array.from({ length: Math.ceil(expected * this.#roundLength) }, this.#prepare);
    const [cpu, start] = [cpuTime(), performance.now()];
    const rate = await closedLoop(
      jobs.length,
      this.#inFlight,
      (index) => jobs[index]?.() ?? Promise.resolve(),
    );
    const benchmarkLoad = (cpuTime().benchmark - cpu.benchmark) / (performance.now() - start);
    this.rounds.push({ rate, benchmarkLoad });
  }
}

/** Runs the lanes in turns, so that whatever else happens on the machine happens to all of them. */
export async function inTurns(lanes: readonly Lane[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const lane of lanes) await lane.run();
  }
}
