import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { toolchainFolder } from './paths.mjs';

const lockFile = path.join(toolchainFolder, 'lock');
const takeover = path.join(toolchainFolder, 'lock-takeover');
const RETRY_INTERVAL = 200;

/**
 * Runs `action` while no other process on this clone does. Two installations at once would break each other.
 * @param {() => Promise<void>} action
 */
export async function withLock(action) {
  mkdirSync(toolchainFolder, { recursive: true });
  let announced = false;
  while (!acquire()) {
    if (isAbandoned()) removeAbandoned();
    else {
      if (!announced) console.error('Waiting for another run, which is setting up this clone …');
      announced = true;
      await delay(RETRY_INTERVAL);
    }
  }
  try {
    await action();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/** Creates the lock file, which only one process can do. */
function acquire() {
  return unlessItExists(() => writeFileSync(lockFile, `${process.pid}`, { flag: 'wx' }));
}

function unlessItExists(make) {
  try {
    make();
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the process that holds the lock has died. */
function isAbandoned() {
  try {
    const owner = Number(readFileSync(lockFile, 'utf8'));
    if (owner > 0) process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Only one process at a time removes an abandoned lock. A second one could remove the lock of the next owner. */
function removeAbandoned() {
  if (!unlessItExists(() => mkdirSync(takeover))) return;
  if (isAbandoned()) rmSync(lockFile, { force: true });
  rmdirSync(takeover);
}
