import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const run = path.resolve(import.meta.dirname, '../../local/run.mjs');

describe('local/run.mjs', function () {
  this.timeout(30_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'farmacy-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function script(source: string): string {
    const file = path.join(folder, 'script.ts');
    writeFileSync(file, source);
    return file;
  }

  it('runs TypeScript with its arguments and standard input, and returns the exit code', () => {
    const file = script(`
      import { readFileSync } from 'node:fs';
      const given: string[] = process.argv.slice(2);
      console.log(given.join('|'), readFileSync(0, 'utf8'));
      process.exit(7);
    `);
    const { status, stdout } = spawnSync(process.execPath, [run, file, '--json', 'a b'], {
      input: 'hello',
      encoding: 'utf8',
    });
    expect(stdout).to.equal('--json|a b hello\n');
    expect(status).to.equal(7);
  });

  it('gives its children the same Node', () => {
    const file = script(`
      import { spawnSync } from 'node:child_process';
      console.log(spawnSync('node', ['--version'], { encoding: 'utf8' }).stdout.trim() === process.version);
    `);
    expect(spawnSync(process.execPath, [run, file], { encoding: 'utf8' }).stdout).to.equal('true\n');
  });

  it('forwards signals', async () => {
    const file = script(`
      process.on('SIGTERM', () => process.exit(5));
      setInterval(() => {}, 1000);
      console.log('ready');
    `);
    const child = spawn(process.execPath, [run, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).to.deep.equal([5, null]);
  });

  it('runs the program of a package', () => {
    const { stdout } = spawnSync(process.execPath, [run, '--bin', 'mocha', '--version'], {
      encoding: 'utf8',
    });
    expect(stdout).to.match(/^\d+\.\d+\.\d+\n$/u);
  });

  it('says what is missing in its arguments', () => {
    const fail = (...args: string[]) => spawnSync(process.execPath, [run, ...args], { encoding: 'utf8' });
    expect(fail()).to.include({
      status: 1,
      stderr: 'Say what to run: node local/run.mjs FILE.ts [arguments]\n',
    });
    expect(fail('--bin', 'nothing-like-it').stderr).to.include('No package has a program "nothing-like-it"');
  });
});
