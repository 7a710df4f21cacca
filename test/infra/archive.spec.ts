import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { Firestore } from '@google-cloud/firestore';
import { expect } from 'chai';
import { functionNamed, readManifest, topicOf, type DeployedFunction } from '../../functions/manifest.ts';
import { customerIdOf } from '../../functions/src/domain/identity.ts';
import { bundle } from '../../infra/archive/bundle.ts';
import { contentHashOf, deployedFiles, type DeployedFiles } from '../../infra/archive/deployed-files.ts';
import { startSendgridStandIn } from '../../local/stand-ins/sendgrid/stand-in.ts';
import { functionsEnvironment, randomKeys } from '../../local/stack/environment.ts';
import { LOCAL_HASH_KEY } from '../../operations/target/local-stack.ts';
import { answers, LOOPBACK } from '../../operations/target/local-stack.ts';
import { freePorts } from '../../local/stack/ports.ts';
import { Service } from '../../local/stack/service.ts';
import { customer } from '../support/customers.ts';
import { documentEvent } from '../support/document-events.ts';
import { describeWithEmulators, emulators, googleEmulators } from '../support/emulators.ts';
import { meterFirestore } from '../support/firestore-meter.ts';
import { transactionMessage } from '../support/transactions.ts';

const project = 'demo-archive';
const framework = 'node_modules/@google-cloud/functions-framework/build/src/main.js';

describe('the deployed archive', () => {
  let files: DeployedFiles;
  let folder: string;
  const running: Service[] = [];

  before(async function () {
    this.timeout(180_000);
    files = await deployedFiles();
    folder = await mkdtemp(path.join(tmpdir(), 'farmacy-archive-'));
    await unpack(files, folder);
    npm('ci', '--omit=dev', '--no-audit', '--no-fund');
    npm('run', 'gcp-build');
  });
  afterEach(() => Promise.all(running.splice(0).map((service) => service.stop())));
  after(() => rm(folder, { recursive: true, force: true }));

  /** Runs npm in the archive, as the build of a deployment does. */
  function npm(...args: string[]): void {
    // With this variable, Node would fill another compile cache than that of the archive.
    const env = { ...process.env, NODE_COMPILE_CACHE: undefined };
    const { status, stderr } = spawnSync('npm', args, { cwd: folder, env, encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
  }

  /** Starts one function as Cloud Run does: from the folder of the archive, with the packages installed there. */
  async function serve(
    { entryPoint, eventTrigger, environmentVariables }: DeployedFunction,
    env: NodeJS.ProcessEnv = {},
    output: string[] = [],
  ) {
    const [port = 0] = await freePorts(1);
    const missing = Promise.withResolvers<undefined>();
    const service = new Service({
      name: entryPoint,
      command: process.execPath,
      args: [framework],
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        ...environmentVariables,
        NODE_ENV: 'production',
        METADATA_SERVER_DETECTION: 'none',
        FUNCTION_TARGET: entryPoint,
        FUNCTION_SIGNATURE_TYPE: eventTrigger === undefined ? 'http' : 'cloudevent',
        PORT: `${port}`,
        ...env,
      },
      onLine: (line) => {
        output.push(line);
        if (missingConfiguration.test(line)) missing.resolve(undefined);
      },
    });
    running.push(service);
    await service.ready(() => answers(port));
    return { service, url: `http://${LOOPBACK}:${port}`, missing: missing.promise };
  }

  it('is the same for the same sources, with a hash of its content alone', async () => {
    expect(await deployedFiles()).to.deep.equal(files);
    const hash = contentHashOf(files);
    expect(contentHashOf(Object.fromEntries(Object.entries(files).toReversed()))).to.equal(hash);
    expect(contentHashOf({ ...files, 'index.mjs': `${files['index.mjs'] ?? ''} ` })).to.not.equal(hash);
  });

  it('contains only files that run, so that a changed document causes no new revision', () => {
    const entries = Object.keys(files).filter((name) => !/^chunks\/[\w-]+\.mjs$/u.test(name));
    expect(entries.toSorted()).to.deep.equal([
      'generated/templates.json',
      'index.mjs',
      'package-lock.json',
      'package.json',
      'warm-up.mjs',
    ]);
    const sources = Object.values(files)
      .join('\n')
      .matchAll(/^\/\/ (?!(?:functions\/)?node_modules\/)(\S+\.\w+)$/gmu);
    const folders = new Set([...sources].map(([, source = '']) => source.split('/').slice(0, 2).join('/')));
    expect([...folders].toSorted()).to.deep.equal(['functions/src', 'infra/archive']);
  });

  it('is smaller than 1.5 MB', () => {
    const sizes = Object.values(files).map((text) => deflateRawSync(text).length);
    expect(sizes.reduce((sum, size) => sum + size)).to.be.within(100_000, 1_500_000);
  });

  it('leaves out translations of zod and the administration of Firestore', () => {
    const all = Object.values(files).join('\n');
    const modules = new Set([...all.matchAll(/^\/\/ node_modules\/(\S+)$/gmu)].map(([, module]) => module));
    expect(modules).to.include('@google-cloud/firestore/build/src/index.js');
    expect([...modules].filter((module) => /^zod\/v4\/locales\/(?!en\.js)/u.test(`${module}`))).to.deep.equal(
      [],
    );
    expect(all)
      .to.match(/\bCommitRequest: \{/u)
      .and.not.match(/\bCreateBackupScheduleRequest: \{/u);
  });

  it('uses the compile cache of the build for every module', async function () {
    this.timeout(60_000);
    const lines: string[] = [];
    const { service, url } = await serve(
      functionNamed('recordTransaction'),
      { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
      lines,
    );
    await fetch(...push(url, 'transactions', {}));
    await service.terminate();
    const chunks = lines.filter((line) => line.includes('/chunks/'));
    expect(chunks.filter((line) => line.includes('was accepted'))).to.have.length.above(10);
    expect(chunks.filter((line) => line.includes('was rejected'))).to.deep.equal([]);
  });

  for (const definition of readManifest().functions) {
    it(`serves ${definition.name}, which logs what is missing in its configuration`, async function () {
      this.timeout(60_000);
      const { service, url, missing } = await serve(definition);
      const response = await fetch(...requestFor(definition, url));
      if (response.status === 500) await missing;
      else expect(response.status, service.lastOutput()).to.be.oneOf(statusWithoutConfiguration(definition));
    });
  }

  // The program listens to a document, which no function does and the embedded cloud does not serve.
  describeWithEmulators('with a Firestore that serves every call', () => {
    it('has clients that make every call, survive a burst, and close', async function () {
      this.timeout(60_000);
      const { env } = await googleEmulators();
      const meter = await meterFirestore(env['FIRESTORE_EMULATOR_HOST'] ?? '');
      await unpack(await bundle({ 'every-call': 'test/support/every-call.ts' }), folder);
      try {
        const { stdout, stderr } = await promisify(execFile)(process.execPath, ['every-call.mjs'], {
          cwd: folder,
          env: {
            ...env,
            PATH: process.env.PATH,
            GOOGLE_CLOUD_PROJECT: project,
            FIRESTORE_EMULATOR_HOST: meter.host,
          },
        });
        expect(stderr).to.equal('');
        expect(JSON.parse(stdout)).to.deep.equal(expectedResults);
        expect(Object.keys(meter.take().rpcs)).to.have.members(callsOfTheClient);
      } finally {
        await meter.close();
      }
    });
  });

  it('records a purchase and mails its customer', async function () {
    this.timeout(120_000);
    const keys = randomKeys();
    const sendgrid = await startSendgridStandIn({ apiKey: keys.sendgridApiKey });
    const { env } = await emulators();
    const configuration = functionsEnvironment(keys, { sendgrid: sendgrid.url, analytics: '' });
    const environment = { ...env, ...configuration, GOOGLE_CLOUD_PROJECT: project };
    const firestore = new Firestore({
      projectId: project,
      host: env['FIRESTORE_EMULATOR_HOST'] ?? '',
      ssl: false,
      customHeaders: { Authorization: 'Bearer owner' },
    });
    try {
      const recording = await serve(functionNamed('recordTransaction'), environment);
      const message = transactionMessage({ occurredAt: new Date().toISOString() });
      const recorded = await fetch(...push(recording.url, 'transactions', message));
      expect(recorded.status, recording.service.lastOutput()).to.equal(204);
      const id = customerIdOf('ann.lee@example.com', LOCAL_HASH_KEY);
      const stored = (await firestore.doc(`customers/${id}`).get()).data();
      expect(stored).to.include({ transactions: 1 });

      const targeting = await serve(functionNamed('targetCustomer'), environment);
      const { customerId, ...fields } = customer({ customerId: id, lastTransactionAt: Date.now() });
      const targeted = await fetch(...written(targeting.url, customerId, fields));
      expect(targeted.status, targeting.service.lastOutput()).to.equal(204);
      expect((await firestore.doc(`emails/${id}~1`).get()).data()).to.include({ status: 'accepted' });
    } finally {
      await Promise.all([firestore.terminate(), sendgrid.close()]);
    }
  });
});

/** All RPCs of Firestore's client, apart from pipelines and PartitionQuery, which the emulator does not implement. */
const callsOfTheClient = [
  'BatchGetDocuments',
  'BatchWrite',
  'Commit',
  'ListCollectionIds',
  'ListDocuments',
  'Listen',
  'Rollback',
  'RunAggregationQuery',
  'RunQuery',
];

const ALREADY_EXISTS = 6;
const expectedResults = {
  again: ALREADY_EXISTS,
  size: 100,
  counted: 250,
  rolledBack: 'rolled back',
  documents: 250,
  collections: ['parts', 'things'],
  listened: 3,
  published: true,
};

async function unpack(files: DeployedFiles, folder: string): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

/** A variable without a default, or the project, which the platform sets. */
const missingConfiguration = /[A-Z_]+: is not set|Unable to detect a Project Id/u;

/** Some functions answer a request before they read their configuration, or need none. */
function statusWithoutConfiguration({ httpsTrigger }: DeployedFunction): number[] {
  return httpsTrigger === undefined ? [] : [200, 400, 404, 405];
}

function requestFor(definition: DeployedFunction, url: string): [string, RequestInit?] {
  if (definition.httpsTrigger !== undefined) return [url];
  const topic = topicOf(definition);
  if (topic !== undefined) return push(url, topic, {});
  const { customerId, ...fields } = customer();
  return written(url, customerId, fields);
}

/** The request of a push subscription. */
function push(url: string, topic: string, message: unknown): [string, RequestInit] {
  const data = Buffer.from(JSON.stringify(message)).toString('base64');
  const publishTime = new Date().toISOString();
  const body = JSON.stringify({ message: { messageId: '1', publishTime, data, attributes: {} } });
  const headers = { 'Content-Type': 'application/json' };
  return [`${url}/projects/${project}/topics/${topic}`, { method: 'POST', headers, body }];
}

/** The request of Eventarc for a written customer. */
function written(
  url: string,
  customerId: string,
  fields: Readonly<Record<string, unknown>>,
): [string, RequestInit] {
  const headers = {
    'Content-Type': 'application/protobuf',
    'ce-specversion': '1.0',
    'ce-id': 'event-1',
    'ce-type': 'google.cloud.firestore.document.v1.written',
    'ce-source': `//firestore.googleapis.com/projects/${project}/databases/(default)`,
    'ce-subject': `documents/customers/${customerId}`,
  };
  return [url, { method: 'POST', headers, body: new Uint8Array(documentEvent(customerId, fields)) }];
}
