import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { toolchainFolder } from './paths.mjs';

const lockFile = path.join(toolchainFolder, 'lock');
const takeover = path.join(toolchainFolder, 'lock-takeover');
const RETRY_INTERVAL = 200;

/**
 * Runs `action` while no other run on this clone does: two at once would install over each other.
 * @param {() => Promise<void>} action
 */
export async function withLock(action) {
  mkdirSync(toolchainFolder, { recursive: true });
  let told = false;
  while (!acquire()) {
    if (isAbandoned()) removeAbandoned();
    else {
      if (!told) console.error('Another run is setting this clone up; waiting for it …');
      told = true;
      await delay(RETRY_INTERVAL);
    }
  }
  try {
    await action();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/** The file is made with its content or not at all, and by one process only. */
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

/** Whether the process that holds the lock has died with it. */
function isAbandoned() {
  try {
    const owner = Number(readFileSync(lockFile, 'utf8'));
    if (owner > 0) process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Only one process at a time removes a dead one's lock: a second could hit the lock that its successor just made. */
function removeAbandoned() {
  if (!unlessItExists(() => mkdirSync(takeover))) return;
  if (isAbandoned()) rmSync(lockFile, { force: true });
  rmdirSync(takeover);
}
