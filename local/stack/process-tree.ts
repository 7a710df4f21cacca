import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How often killed processes are checked, in ms. */
const CHECK_INTERVAL = 20;

/**
 * Kills a process and all its descendants; resolves when they have ended. Stops the process first, so that it cannot start
 * another child while its descendants are listed.
 * @param orphans processes that were seen as descendants before. They can no longer be found once their parent has died.
 */
export async function killTree(leader: number, orphans: readonly number[]): Promise<void> {
  if (process.platform === 'win32') {
    await run('taskkill', ['/PID', `${leader}`, '/T', '/F']).catch(() => undefined);
    return;
  }
  signal(leader, 'SIGSTOP');
  const family = new Set([leader, ...(await descendantsOf(leader)), ...orphans]);
  for (const member of family) signal(member, 'SIGKILL');
  while ((await livingProcesses()).some(({ pid }) => family.has(pid))) await delay(CHECK_INTERVAL);
}

/** All living descendants of a process. */
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

/** Without zombies, which some containers never reap. */
async function livingProcesses(): Promise<Process[]> {
  if (process.platform === 'win32') return [];
  return process.platform === 'linux' ? livingOnLinux() : livingOfPs();
}

/** From /proc, because small Linux images have no `ps`. */
async function livingOnLinux(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  // A process may have ended since its ID was read.
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.filter((stat) => stat !== '').flatMap((stat) => livingOfStat(stat) ?? []);
}

/** See man 5 proc_pid_stat. The program's name is in parentheses and may contain any character. */
function livingOfStat(stat: string): Process | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  const threads = Number(fields[17]);
  // A process whose main thread has ended keeps its ports until its other threads have ended too.
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

/** Has no effect on a process that has ended. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
