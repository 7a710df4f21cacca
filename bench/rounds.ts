import { closedLoop } from './load.ts';
import { cpuTime } from './machine.ts';

/** What is left to do of something when everything that can be made ready is. */
export type Job = () => Promise<unknown>;

/** With so many times as many jobs as are in flight, and some more, a lane finds out how fast it goes. */
const TRIAL = 3;
const AT_LEAST = 15;

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
  #expectedRate = 0;

  /** @param roundLength in seconds, roughly. */
  constructor(prepare: () => Job, inFlight: number, roundLength: number) {
    this.#prepare = prepare;
    this.#inFlight = inFlight;
    this.#roundLength = roundLength;
  }

  /** Finds out how many jobs fit into a round. */
  async tryOut(): Promise<void> {
    const { rate } = await this.#do(TRIAL * this.#inFlight + AT_LEAST);
    this.#expectedRate = rate;
  }

  async run(): Promise<void> {
    const round = await this.#do(Math.ceil(this.#expectedRate * this.#roundLength));
    this.#expectedRate = round.rate;
    this.rounds.push(round);
  }

  async #do(count: number): Promise<Round> {
    const jobs = Array.from({ length: count }, this.#prepare);
    const [cpu, start] = [cpuTime(), performance.now()];
    const rate = await closedLoop(
      jobs.length,
      this.#inFlight,
      (index) => jobs[index]?.() ?? Promise.resolve(),
    );
    const benchmarkLoad = (cpuTime().benchmark - cpu.benchmark) / (performance.now() - start);
    return { rate, benchmarkLoad };
  }
}

/** Runs the lanes in turns, so that whatever else happens on the machine happens to all of them. */
export async function inTurns(
  lanes: readonly Lane[],
  rounds: number,
  onRound: () => void = () => undefined,
): Promise<void> {
  for (const lane of lanes) await lane.tryOut();
  for (let round = 0; round < rounds; round += 1) {
    for (const lane of lanes) await lane.run();
    onRound();
  }
}
