import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Fact } from './history.ts';

/** What every test run plays. */
export const ci = { seed: 20_260_501, blocks: 50 };

/** How many random schedules one task plays. The first of them goes over sockets as well. */
export const BLOCK = 100;

/** Random schedules, which the seed determines, or one hard case. */
export type Task =
  | {
      readonly seed: number;
      readonly runs: number;
      /** fast-check's path among the schedules of the seed: it leads straight to one that failed. */
      readonly path?: string;
      /** Whether to skip the search for a smaller schedule that fails. */
      readonly endOnFailure?: boolean;
    }
  | { readonly hardCase: string };

export interface Result {
  readonly runs: number;
  /** How often each kind of fact happened. */
  readonly counts: Readonly<Partial<Record<Fact['fact'], number>>>;
  /** Of everything that happened. The same task always has the same. */
  readonly digest: string;
  /** The promise that was broken, with the schedule and the command that plays it again. */
  readonly failure?: string;
  /** Whether that is a broken promise, and no other error. */
  readonly brokePromise?: boolean;
}

/** A process that plays one task after another. */
export class Player {
  readonly #process: ChildProcess;

  /** @param imports modules that the process loads first. @param env added to the environment. */
  constructor(imports: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    const { NODE_V8_COVERAGE, ...inherited } = process.env;
    this.#process = fork(fileURLToPath(new URL('player.ts', import.meta.url)), {
      // Measuring the coverage would make it several times slower.
      env: { ...inherited, ...env },
      execArgv: imports.flatMap((module) => ['--import', module]),
    });
  }

  /** @throws Error when the process ends. */
  async play(task: Task): Promise<Result> {
    const waiting = new AbortController();
    const { signal } = waiting;
    const ended = once(this.#process, 'exit', { signal }).then(() => {
      throw new Error('A process that plays schedules has ended.');
    });
    ended.catch(() => undefined);
    try {
      this.#process.send(task);
      const [result] = (await Promise.race([once(this.#process, 'message', { signal }), ended])) as [Result];
      return result;
    } finally {
      waiting.abort();
    }
  }

  close(): void {
    this.#process.disconnect();
  }
}

/**
 * Plays blocks of random schedules in as many processes as there are processors. Each block has a seed of its own.
 * @param first the first block. @param onBlock is called after each block, in their order.
 * @throws Error that names the broken promise.
 */
export async function playBlocks(
  seed: number,
  first: number,
  end: number,
  onBlock: (block: number, result: Result) => void,
): Promise<void> {
  let next = first;
  let reported = first;
  const finished = new Map<number, Result>();
  const work = async () => {
    const player = new Player();
    try {
      while (next < end) {
        const block = next++;
        const result = await player.play({ seed: seed + block, runs: BLOCK });
        if (result.failure !== undefined) throw new Error(result.failure);
        finished.set(block, result);
        for (let found = finished.get(reported); found; found = finished.get(reported)) {
          finished.delete(reported);
          onBlock(reported++, found);
        }
      }
    } finally {
      next = end;
      player.close();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}
