import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { placeholderSecrets, stackConfiguration } from '../../infra/rehearsal.ts';
import { startRecordingEngine, type RecordingEngine } from '../support/pulumi-engine.ts';

/** Pulumi's language host for Node starts a program with these arguments and this environment, below `pulumi up`. */
describe('the program, started as Pulumi starts it', () => {
  let engine: RecordingEngine;
  before(async () => {
    engine = await startRecordingEngine();
  });
  after(() => engine.close());

  async function run(preload: readonly string[] = []): Promise<{ code: number | null; output: string }> {
    const host = ['--monitor', engine.address, '--engine', engine.address];
    const where = ['--organization', 'organization', '--project', 'farmacy', '--stack', 'dev'];
    const args = [
      ...host,
      ...where,
      '--root-directory',
      'infra',
      '--pwd',
      'infra',
      '--parallel',
      '4',
      '--dry-run',
    ];
    const child = spawn(
      process.execPath,
      [...preload, 'node_modules/@pulumi/pulumi/cmd/run/index.js', ...args, 'main.mjs'],
      {
        env: {
          PATH: process.env.PATH,
          PULUMI_CONFIG: JSON.stringify({ ...stackConfiguration('dev'), ...placeholderSecrets() }),
          PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(Object.keys(placeholderSecrets())),
          PULUMI_NODEJS_TYPESCRIPT: 'false',
        },
      },
    );
    const ended = once(child, 'exit');
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = (await ended) as [number | null];
    return { code, output: output + errors };
  }

  it('declares its resources, without a build and without ts-node', async function () {
    this.timeout(60_000);
    const { code, output } = await run();
    expect(code, output + engine.messages.join('\n')).to.equal(0);
    expect(engine.registered).to.include.members([
      'pulumi:pulumi:Stack farmacy-dev',
      'gcp:pubsub/topic:Topic transactions',
      'gcp:cloudfunctionsv2/function:Function target-customer',
    ]);
  });

  it('says which Node it needs when it is started with an older one', async function () {
    this.timeout(60_000);
    const older = `data:text/javascript,${encodeURIComponent(
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } });",
    )}`;
    const { code } = await run(['--import', older]);
    expect(code).to.not.equal(0);
    expect(engine.messages.join('\n')).to.include(
      'needs Node 24 or newer, and Pulumi runs it with Node 20.19.0',
    );
  });
});
