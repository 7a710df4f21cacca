import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How often the dying are looked at, in ms. */
const GONE_INTERVAL = 20;

/**
 * Ends a process and everything that descends from it; resolves when all are gone. The process is frozen first, so
 * that it cannot start another child while its children are counted.
 * @param orphans former descendants, which nobody could find any more if the process had died on its own.
 */
export async function killTree(leader: number, orphans: readonly number[]): Promise<void> {
  if (process.platform === 'win32') {
    await run('taskkill', ['/PID', `${leader}`, '/T', '/F']).catch(() => undefined);
    return;
  }
  signal(leader, 'SIGSTOP');
  const family = new Set([leader, ...(await descendantsOf(leader)), ...orphans]);
  for (const member of family) signal(member, 'SIGKILL');
  while ((await livingProcesses()).some(({ pid }) => family.has(pid))) await delay(GONE_INTERVAL);
}

/** Every living process that was started by this one, or by one that it started. */
export async function descendantsOf(ancestor: number): Promise<number[]> {
  const children = Map.groupBy(await livingProcesses(), ({ parent }) => parent);
  const below = (pid: number): number[] =>
    (children.get(pid) ?? []).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(ancestor);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
}

/** Without the dead whom nobody has asked for yet: some containers keep them for ever. */
async function livingProcesses(): Promise<Process[]> {
  if (process.platform === 'win32') return [];
  return process.platform === 'linux' ? livingOnLinux() : livingOfPs();
}

/** Small Linux images have no `ps`. */
async function livingOnLinux(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  // A process may have ended since its name was read.
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.filter((stat) => stat !== '').flatMap((stat) => livingOfStat(stat) ?? []);
}

/** See man 5 proc_pid_stat. The name of the program stands in brackets and may hold anything. */
function livingOfStat(stat: string): Process | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  const threads = Number(fields[17]);
  // A process whose main thread is dead keeps its ports until its other threads are, too.
  if (state === 'Z' && threads <= 1) return undefined;
  return { pid: Number.parseInt(stat, 10), parent: Number(parent) };
}

async function livingOfPs(): Promise<Process[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,stat=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .filter(([, , state]) => state?.startsWith('Z') === false)
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

/** Has no effect on a process that is gone. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
