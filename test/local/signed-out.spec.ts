import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../support/commands.ts';

describe('a command on a machine that is not signed in to Google Cloud', function () {
  this.timeout(60_000);
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'signed-out-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  const commands = {
    buy: ['ann@example.com'],
    engage: ['ann@example.com'],
    publish: ['local/samples/purchases.ndjson'],
    resume: [],
    customer: ['show', 'ann@example.com'],
    lift: [],
    pause: ['status'],
    quarantine: ['list'],
    report: ['--output', '/dev/null'],
  };
  for (const [command, args] of Object.entries(commands)) {
    it(`says how to sign in: npm run ${command}`, async () => {
      const env = { HOME: home, METADATA_SERVER_DETECTION: 'none' };
      const target = ['--project', 'farmacy-prod'];
      expect(await runCommand(`operations/${command}.ts`, [...args, ...target], env)).to.deep.equal({
        exitCode: 1,
        stdout: '',
        stderr: 'This machine is not signed in to Google Cloud: run gcloud auth application-default login\n',
      });
    });
  }
});
