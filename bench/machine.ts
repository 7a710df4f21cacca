import { availableParallelism, cpus, totalmem } from 'node:os';

/** What the measurements were taken on, without anything that names it. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  /** In GB. */
  readonly memory: number;
  readonly node: string;
}

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memory: Math.round(totalmem() / 1024 ** 3),
    node: process.versions.node,
  };
}

/** CPU of the whole machine that was used since it started, in ms, and that of this process. */
export interface CpuTime {
  readonly machine: number;
  readonly benchmark: number;
}

export function cpuTime(): CpuTime {
  const { user, system } = process.cpuUsage();
  return {
    machine: cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0),
    benchmark: (user + system) / 1000,
  };
}
