import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';

const sources = path.resolve(import.meta.dirname, '../../local/toolchain');

/** Appends two lines to a file while it holds the lock. No line of another process may come between them. */
const HOLDER = `
  import { appendFileSync } from 'node:fs';
  import { withLock } from './local/toolchain/lock.mjs';
  await withLock(async () => {
    for (const part of ['begin', 'end']) {
      appendFileSync('turns', part + ' ' + process.pid + '\\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  });
`;

describe('two runs on one clone', () => {
  let clone = '';
  beforeEach(() => {
    clone = mkdtempSync(path.join(tmpdir(), 'farmacy-test-'));
    for (const file of ['lock.mjs', 'paths.mjs']) {
      cpSync(path.join(sources, file), path.join(clone, 'local/toolchain', file));
    }
    writeFileSync(path.join(clone, 'holder.mjs'), HOLDER);
  });
  afterEach(() => {
    rmSync(clone, { recursive: true });
  });

  async function holder(): Promise<void> {
    const child = spawn(process.execPath, ['holder.mjs'], {
      cwd: clone,
      stdio: 'ignore',
    });
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  }

  function assertTurnsDidNotOverlap(count: number): void {
    const turns = readFileSync(path.join(clone, 'turns'), 'utf8').trim().split('\n');
    expect(turns).to.have.lengthOf(2 * count);
    for (let index = 0; index < turns.length; index += 2) {
      expect(turns[index + 1]).to.equal(turns[index]?.replace('begin', 'end'));
    }
    expect(existsSync(path.join(clone, '.toolchain/lock'))).to.equal(false);
  }

  it('take turns', async () => {
    await Promise.all([holder(), holder(), holder()]);
    assertTurnsDidNotOverlap(3);
  });

  it('do not wait for a run that has died', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    mkdirSync(path.join(clone, '.toolchain'));
    writeFileSync(path.join(clone, '.toolchain/lock'), String(dead.pid));
    await Promise.all([holder(), holder()]);
    assertTurnsDidNotOverlap(2);
  });
});
