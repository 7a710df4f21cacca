import { closedLoop } from './loops.ts';
import { spreadOf, type Spread } from './statistics.ts';

/** A trial has this many jobs for each one in flight, and some more. */
const TRIAL = { perInFlight: 3, more: 15 };

/** Prepares `count` jobs; what it returns runs them. Only running them is measured. */
export type Prepare = (count: number) => () => Promise<unknown>;

export interface Round {
  /** Jobs a second. */
  readonly rate: number;
  /** CPU of each process that is observed, in ms a job. */
  readonly cpu: readonly number[];
  /** CPU of the benchmark itself, as a share of one core. */
  readonly benchmarkLoad: number;
}

interface LaneOptions {
  readonly prepare: Prepare;
  readonly inFlight: number;
  /** In seconds, approximately. */
  readonly roundLength: number;
  /** CPU that each process under observation has used since it started, in ms. */
  readonly cpuTimes?: () => Promise<readonly number[]>;
}

/** One of several things that are compared. It runs in rounds of about the same length. */
export class Lane {
  readonly rounds: Round[] = [];
  readonly #options: LaneOptions;
  #expectedRate = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Finds out how many jobs make a round. */
  async tryOut(): Promise<void> {
    const { rate } = await this.#run(TRIAL.perInFlight * this.#options.inFlight + TRIAL.more);
    this.#expectedRate = rate;
  }

  async run(): Promise<void> {
    const round = await this.#run(Math.ceil(this.#expectedRate * this.#options.roundLength));
    this.#expectedRate = round.rate;
    this.rounds.push(round);
  }

  /** One figure over all rounds. */
  spreadOf(figure: (round: Round) => number): Spread {
    return spreadOf(this.rounds.map(figure));
  }

  async #run(count: number): Promise<Round> {
    const { prepare, cpuTimes = async () => [] } = this.#options;
    const runJobs = prepare(count);
    const before = await cpuTimes();
    const [ownBefore, start] = [process.cpuUsage(), performance.now()];
    await runJobs();
    const duration = performance.now() - start;
    const { user, system } = process.cpuUsage(ownBefore);
    const after = await cpuTimes();
    return {
      rate: (count * 1000) / duration,
      cpu: after.map((time, index) => (time - (before[index] ?? NaN)) / count),
      benchmarkLoad: (user + system) / 1000 / duration,
    };
  }
}

/** Jobs that are functions, of which `inFlight` run at any time. */
export function jobs(inFlight: number, prepareOne: () => () => Promise<unknown>): Prepare {
  return (count) => {
    const prepared = Array.from({ length: count }, prepareOne);
    return () => closedLoop(count, inFlight, (index) => prepared[index]?.() ?? Promise.resolve());
  };
}

/** What `measureLanes` measures. */
export interface LaneSizes {
  readonly inFlight: readonly number[];
  readonly customers: readonly number[];
  readonly rounds: number;
  /** In seconds, approximately. */
  readonly roundLength: number;
  /** Rounds before the measurement, in which V8 compiles everything that runs often. */
  readonly warmUp: number;
}

/** Runs the lanes of all combinations in turns, so that none has cold emulators to itself. */
export async function measureLanes<L extends Readonly<Record<string, Lane>>>(
  { inFlight: degrees, customers: groups, rounds, warmUp }: LaneSizes,
  lanesOf: (inFlight: number, customers: number) => L,
  onRound: () => void,
): Promise<{ inFlight: number; customers: number; lanes: L }[]> {
  await inTurns(Object.values(lanesOf(80, 1_000)), warmUp);
  const cells = degrees.flatMap((inFlight) =>
    groups.map((customers) => ({ inFlight, customers, lanes: lanesOf(inFlight, customers) })),
  );
  const lanes = cells.flatMap((cell) => Object.values(cell.lanes));
  await inTurns(lanes, rounds, onRound);
  return cells;
}

/** Runs the lanes in turns, so that whatever else the machine does affects all of them. */
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
