import { expect } from 'chai';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** Installs one set, as `local/run.mjs` does, and says whether it was ready before. */
const INSTALLER = `
  import { packageSet } from './local/toolchain/package-sets.mjs';
  import { prepare } from './local/toolchain/prepare.mjs';
  console.log(packageSet('checks').isReady() ? 'installed' : 'missing');
  try {
    await prepare([packageSet('checks')]);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
`;

describe('installing a set of packages', function () {
  this.timeout(30_000);
  let clone = '';
  let registry: Server;
  beforeEach(async () => {
    clone = mkdtempSync(path.join(tmpdir(), 'farmacy-test-'));
    const toolchain = 'local/toolchain';
    cpSync(path.join(import.meta.dirname, '../..', toolchain), path.join(clone, toolchain), {
      recursive: true,
    });
    writeFileSync(path.join(clone, 'install.mjs'), INSTALLER);
    // Answers nothing.
    registry = createServer();
    registry.listen(0, '127.0.0.1');
    await once(registry, 'listening');
  });
  afterEach(async () => {
    registry.closeAllConnections();
    registry.close();
    await once(registry, 'close');
    rmSync(clone, { recursive: true });
  });

  /** Writes a set with one package. @param version as package.json names it. @param packages as the lockfile lists it. */
  function putSet(version: string, packages: Readonly<Record<string, object>>): void {
    const manifest = { name: 'set', version: '1.0.0', dependencies: { wanted: version } };
    put('checks/package.json', manifest);
    put('checks/package-lock.json', { lockfileVersion: 3, packages: { '': manifest, ...packages } });
  }

  /** The package is a folder, so that npm needs no registry. */
  function putSetWithFolder(scripts: Readonly<Record<string, string>> = {}): void {
    put('checks/wanted/package.json', { name: 'wanted', version: '1.0.0', scripts });
    putSet('file:wanted', {
      'node_modules/wanted': { resolved: 'wanted', link: true },
      wanted: { version: '1.0.0' },
    });
  }

  function putSetWithDownload(): void {
    const resolved = `${address()}wanted-1.0.0.tgz`;
    putSet('1.0.0', { 'node_modules/wanted': { version: '1.0.0', resolved } });
  }

  function put(file: string, content: object): void {
    mkdirSync(path.dirname(path.join(clone, file)), { recursive: true });
    writeFileSync(path.join(clone, file), JSON.stringify(content));
  }

  const address = () => `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
  const options = () => ({
    cwd: clone,
    env: {
      PATH: process.env.PATH,
      HOME: clone,
      npm_config_registry: address(),
      npm_config_fetch_retries: '0',
    },
  });
  const install = () => spawnSync(process.execPath, ['install.mjs'], { ...options(), encoding: 'utf8' });
  const isLocked = () => existsSync(path.join(clone, '.toolchain/lock'));

  it('says what it installs and for what, once', () => {
    putSetWithFolder();
    expect(install()).to.include({
      status: 0,
      stdout: 'missing\n',
      stderr:
        'Installing the packages for checking types, style, formatting and dead code into checks/node_modules (npm ci) …\n',
    });
    expect(install()).to.include({ status: 0, stdout: 'installed\n', stderr: '' });
  });

  it('runs no script of a package', () => {
    const scripts = { install: "node -e \"require('node:fs').writeFileSync('ran', '')\"" };
    putSetWithFolder(scripts);
    expect(install().status).to.equal(0);
    expect(existsSync(path.join(clone, 'checks/wanted/ran'))).to.equal(false);
  });

  it('names the cause of a failure and what to do', async () => {
    putSetWithDownload();
    const child = spawn(process.execPath, ['install.mjs'], options());
    registry.on('request', (request) => request.destroy());
    const { code, output } = await endOf(child);
    expect(code).to.equal(1);
    expect(output).to.match(
      /code ECONNRESET[^]*npm ci failed in \S+checks: see above\. npm cannot reach its registry\./u,
    );
    expect(isLocked()).to.equal(false);
  });

  it('is not complete after Ctrl-C', async () => {
    putSetWithDownload();
    const child = spawn(process.execPath, ['install.mjs'], options());
    registry.once('request', () => child.kill('SIGINT'));
    const { code, output } = await endOf(child);
    expect(code).to.equal(1);
    expect(output).to.include('Interrupted by SIGINT.');
    expect(isLocked()).to.equal(false);
    const next = spawn(process.execPath, ['install.mjs'], options());
    await once(registry, 'request');
    next.kill('SIGINT');
    expect(await text(next.stdout)).to.equal('missing\n');
  });
});

async function endOf(
  child: ChildProcessWithoutNullStreams,
): Promise<{ code: number | null; output: string }> {
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const output = await text(child.stderr);
  const [code] = await ended;
  return { code, output };
}
