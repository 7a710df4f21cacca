import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How often the dying are looked at, in ms. */
const GONE_INTERVAL = 20;

/**
 * Ends a process that leads a group of its own, and everything that descends from it; resolves when all are gone.
 * The leader is frozen first, so that it cannot start another child while its children are counted.
 */
export async function killTree(leader: number): Promise<void> {
  if (process.platform === 'win32') {
    await run('taskkill', ['/PID', `${leader}`, '/T', '/F']).catch(() => undefined);
    return;
  }
  signal(leader, 'SIGSTOP');
  const family = [leader, ...(await descendantsOf(leader))];
  for (const member of family) signal(member, 'SIGKILL');
  while (family.some(isAlive)) await delay(GONE_INTERVAL);
}

async function descendantsOf(ancestor: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const children = new Map<number, number[]>();
  for (const line of stdout.trim().split('\n')) {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/u).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const below = (pid: number): number[] =>
    (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(ancestor);
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

/** False when the process is gone. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
