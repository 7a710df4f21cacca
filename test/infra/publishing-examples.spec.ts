import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { PubSub, type Message, type Subscription } from '@google-cloud/pubsub';
import { expect } from 'chai';
import { decodeTransaction } from '../../functions/src/messages/transaction.ts';
import { answers, LOOPBACK } from '../../operations/target/local-stack.ts';
import { freePorts } from '../../local/stack/ports.ts';
import { Service } from '../../local/stack/service.ts';
import { emulators, emulatorsMissing, googleEmulators } from '../support/emulators.ts';

const guide = readFileSync('docs/publishing.md', 'utf8');
const vendorKey = 'placeholder-for-the-examples-of-the-guide';

function example(language: string, firstLine = ''): string {
  const code = [...guide.matchAll(/```(\w+)\n([\s\S]*?)```/gu)].find(
    ([, fence, text = '']) => fence === language && text.startsWith(firstLine),
  )?.[2];
  if (code === undefined) throw new Error(`docs/publishing.md has no example in ${language}.`);
  return code;
}

/** Why an example cannot run here; undefined when it can. */
function missing(command: string, ...args: string[]): string | undefined {
  return spawnSync(command, args).status === 0 ? undefined : 'the tool is not installed';
}

describe('the examples for publishers', () => {
  let project: string;
  let pubsub: PubSub;
  let subscription: Subscription;
  let env: NodeJS.ProcessEnv;
  let ingest: Service;

  before(async function () {
    this.timeout(120_000);
    const { env: addresses } = await (emulatorsMissing === undefined ? googleEmulators() : emulators());
    project = `demo-${randomUUID()}`;
    const emulator = addresses['PUBSUB_EMULATOR_HOST'] ?? '';
    pubsub = new PubSub({ projectId: project, apiEndpoint: emulator, emulatorMode: true });
    const [topic] = await pubsub.createTopic('transactions');
    [subscription] = await topic.createSubscription('published');
    const [port = 0] = await freePorts(1);
    env = {
      ...process.env,
      ...addresses,
      PROJECT: project,
      INGEST_URL: `http://${LOOPBACK}:${port}/`,
      VENDOR_KEY: vendorKey,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `http://${emulator}/`,
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
    };
    ingest = new Service({
      name: 'ingestTransactions',
      command: process.execPath,
      args: ['node_modules/@google-cloud/functions-framework/build/src/main.js'],
      env: {
        ...env,
        GOOGLE_CLOUD_PROJECT: project,
        VENDOR_KEYS: `acme:${vendorKey}`,
        FUNCTION_SOURCE: 'functions',
        FUNCTION_TARGET: 'ingestTransactions',
        FUNCTION_SIGNATURE_TYPE: 'http',
        PORT: `${port}`,
      },
    });
    await ingest.ready(() => answers(port));
  });
  after(async () => {
    await ingest.stop();
    await subscription.close();
    await pubsub.close();
  });

  /** Runs an example and resolves with the transaction that it published. */
  async function publishedBy(command: string, args: string[]): Promise<ReturnType<typeof decodeTransaction>> {
    const arrived = once(subscription, 'message');
    await promisify(execFile)(command, args, { env });
    const [message] = (await arrived) as [Message];
    message.ack();
    return decodeTransaction(message.data, Date.now());
  }

  const examples: [
    what: string,
    command: string,
    args: () => string[],
    whyMissing: () => string | undefined,
  ][] = [
    ['in Node', process.execPath, () => ['--input-type=module', '--eval', example('js')], () => undefined],
    [
      'in Python',
      'python3',
      () => ['-c', example('python')],
      () => missing('python3', '-c', 'from google.cloud import pubsub_v1'),
    ],
    [
      'with gcloud',
      'sh',
      () => ['-ec', example('sh', '# gcloud')], // gcloud uses the REST API, which the embedded cloud does not serve.
      () => emulatorsMissing ?? missing('gcloud', '--version'),
    ],
    ['with curl', 'sh', () => ['-ec', example('sh', '# curl')], () => missing('curl', '--version')],
  ];
  for (const [what, command, args, whyMissing] of examples) {
    const missingHere = whyMissing();
    const reason = missingHere === undefined ? '' : ` (skipped: ${missingHere})`;
    it(`${what} publishes a valid purchase${reason}`, async function () {
      this.timeout(120_000);
      if (missingHere !== undefined) this.skip();
      expect(await publishedBy(command, args())).to.have.nested.property('value.transactionId', 'sale-4711');
    });
  }
});
