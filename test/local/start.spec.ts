import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';

const start = path.resolve(import.meta.dirname, '../../local/start.ts');

/** The exit code of a program that SIGINT has ended. */
const INTERRUPTED = 130;

describe('npm start on the embedded cloud', function () {
  this.timeout(60_000);
  let folder = '';
  let child: ChildProcess;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'farmacy-test-'));
    child = spawn(process.execPath, [start, '--embedded', '--free-ports'], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  });
  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Sends SIGINT when the output has a line like this. Resolves with the exit code. */
  async function interruptAt(pattern: RegExp): Promise<unknown> {
    const ended = once(child, 'exit');
    if (child.stdout === null) throw new Error('The output cannot be read.');
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (pattern.test(line)) child.kill('SIGINT');
    });
    const [code] = (await ended) as unknown[];
    return code;
  }

  const leftBehind = (): string[] => readdirSync(folder).filter((name) => name.startsWith('farmacy-'));

  it('sends emails after the sample purchases until it is interrupted, and leaves nothing behind', async () => {
    expect(await interruptAt(/email sent: join/u)).to.equal(INTERRUPTED);
    expect(leftBehind()).to.deep.equal([]);
  });

  it('can be interrupted while it starts', async () => {
    expect(await interruptAt(/^Starting the local stack/u)).to.equal(INTERRUPTED);
    expect(leftBehind()).to.deep.equal([]);
  });
});
