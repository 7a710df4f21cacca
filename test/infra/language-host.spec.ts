import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { documentOf, readManifest } from '../../functions/manifest.ts';
import { cloudName } from '../../functions/names.ts';
import { placeholderSecrets, stackConfiguration } from '../../infra/dry-run.ts';
import { startRecordingEngine, type RecordingEngine } from '../../infra/recording-engine.ts';

/** `pulumi up` starts a program through Pulumi's language host for Node, with these arguments and this environment. */
describe("the program, started by Pulumi's language host", () => {
  let engine: RecordingEngine;
  beforeEach(async () => {
    engine = await startRecordingEngine();
  });
  afterEach(() => engine.close());

  async function run(
    preload: readonly string[] = [],
    changes: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number | null; output: string }> {
    const host = ['--monitor', engine.address, '--engine', engine.address];
    const stack = ['--organization', 'organization', '--project', 'farmacy', '--stack', 'dev'];
    const args = [
      ...host,
      ...stack,
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
      [...preload, 'infra/node_modules/@pulumi/pulumi/cmd/run/index.js', ...args, 'main.mjs'],
      {
        env: {
          PATH: process.env.PATH,
          PULUMI_CONFIG: JSON.stringify({
            ...stackConfiguration('dev'),
            ...placeholderSecrets(),
            ...changes,
          }),
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

  it('declares its resources without a build and without ts-node', async function () {
    this.timeout(60_000);
    const { code, output } = await run();
    expect(code, output + engine.messages.join('\n')).to.equal(0);
    expect(engine.registered).to.include.members([
      'pulumi:pulumi:Stack farmacy-dev',
      'gcp:pubsub/topic:Topic transactions',
      'gcp:cloudfunctionsv2/function:Function target-customer',
    ]);
  });

  describe('orders resources', () => {
    const functions = readManifest().functions.map((definition) => ({
      triggered: documentOf(definition) !== undefined,
      resource: `gcp:cloudfunctionsv2/function:Function ${cloudName(definition.name)}`,
    }));
    beforeEach(async function () {
      this.timeout(60_000);
      const { code, output } = await run([], { 'farmacy:monitoring': 'true' });
      expect(code, output + engine.messages.join('\n')).to.equal(0);
    });

    it('so that functions with an Eventarc trigger come after all others', () => {
      const others = functions.filter(({ triggered }) => !triggered).map(({ resource }) => resource);
      for (const { resource } of functions.filter(({ triggered }) => triggered)) {
        expect(engine.dependencies.get(resource), resource).to.include.members(others);
      }
      for (const resource of others) expect(engine.dependencies.get(resource)).to.not.include.members(others);
    });

    it('so that alerts come after their metrics and after the functions', () => {
      const alerts = engine.registered.filter((it) =>
        it.startsWith('gcp:monitoring/alertPolicy:AlertPolicy '),
      );
      const metrics = engine.registered.filter((it) => it.startsWith('gcp:logging/metric:Metric '));
      expect(alerts).to.not.have.length(0);
      expect(metrics).to.not.have.length(0);
      for (const alert of alerts) {
        const before = [...functions.map(({ resource }) => resource), ...metrics];
        expect(engine.dependencies.get(alert), alert).to.include.members(before);
      }
      for (const metric of metrics) expect(engine.dependencies.get(metric)).to.deep.equal([]);
    });
  });

  it('says which Node version it needs when an older one runs it', async function () {
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
