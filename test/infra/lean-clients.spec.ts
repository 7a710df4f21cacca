import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { build } from 'esbuild';
import protobuf, { type INamespace } from 'protobufjs';
import { leanClients } from '../../infra/archive/lean-clients.ts';
import { onlyNeededBy } from '../../infra/archive/service-definitions.ts';
import { emulators } from '../support/emulators.ts';

const firestore = createRequire(import.meta.url)(
  '@google-cloud/firestore-api/build/protos/protos.json',
) as INamespace;

/** A commit that holds a value of every kind. */
const commit = {
  database: 'projects/demo/databases/(default)',
  writes: [
    {
      update: {
        name: 'projects/demo/databases/(default)/documents/customers/1',
        fields: {
          nothing: { nullValue: 'NULL_VALUE' },
          truth: { booleanValue: true },
          whole: { integerValue: 1 },
          half: { doubleValue: 0.5 },
          time: { timestampValue: { seconds: 1, nanos: 2 } },
          text: { stringValue: 'text' },
          bytes: { bytesValue: Buffer.from('bytes') },
          list: { arrayValue: { values: [{ referenceValue: 'projects/demo' }] } },
          map: { mapValue: { fields: { place: { geoPointValue: { latitude: 1, longitude: 2 } } } } },
        },
      },
      updateMask: { fieldPaths: ['text'] },
      updateTransforms: [{ fieldPath: 'count', increment: { integerValue: 1 } }],
      currentDocument: { updateTime: { seconds: 1 } },
    },
  ],
};

/** More calls at once than one channel takes, for which clients are made and closed again, and what only some calls need. */
const program = `
  const { Firestore } = require('@google-cloud/firestore');
  const { PubSub } = require('@google-cloud/pubsub');
  const firestore = new Firestore();
  const pubsub = new PubSub();
  (async () => {
    const things = firestore.collection('things');
    await Promise.all(Array.from({ length: 250 }, (_, n) => things.doc('thing-' + n).create({ n })));
    const again = await things.doc('thing-1').create({ n: 1 }).catch(({ code }) => code);
    const { size } = await things.where('n', '<', 100).orderBy('n').get();
    const counted = (await things.count().get()).data().count;
    await firestore.runTransaction(async (transaction) => {
      transaction.update(things.doc('thing-2'), { n: (await transaction.get(things.doc('thing-1'))).get('n') });
    });
    const [topic] = await pubsub.createTopic('things');
    const published = await topic.publishMessage({ json: {} });
    await Promise.all([firestore.terminate(), pubsub.close()]);
    console.log(JSON.stringify({ again, size, counted, published: published !== '' }));
  })();`;

describe('the lean clients of the archive', () => {
  it('do all that clients do, and close', async function () {
    this.timeout(60_000);
    const { env } = await emulators();
    const folder = await mkdtemp(path.join(tmpdir(), 'farmacy-lean-'));
    try {
      const outfile = path.join(folder, 'program.cjs');
      const stdin = { contents: program, resolveDir: import.meta.dirname };
      await build({
        stdin,
        outfile,
        bundle: true,
        platform: 'node',
        plugins: [leanClients()],
        logLevel: 'silent',
      });
      const { stdout, stderr } = spawnSync(process.execPath, [outfile], {
        encoding: 'utf8',
        env: { ...env, PATH: process.env.PATH, GOOGLE_CLOUD_PROJECT: 'demo-lean' },
      });
      expect(stderr).to.equal('');
      expect(JSON.parse(stdout)).to.deep.equal({ again: 6, size: 100, counted: 250, published: true });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  describe('have definitions of messages', () => {
    const lean = onlyNeededBy(['google.firestore.v1.Firestore'], firestore);

    it('for every call of the services in use', () => {
      const methodsIn = (definitions: INamespace) => {
        const { methodsArray } = protobuf.Root.fromJSON(definitions)
          .resolveAll()
          .lookupService('google.firestore.v1.Firestore');
        return methodsArray.map(({ name, requestType, responseType }) => [name, requestType, responseType]);
      };
      expect(methodsIn(lean)).to.deep.equal(methodsIn(firestore)).and.to.have.length.above(10);
    });

    it('that write the same bytes', () => {
      const written = (definitions: INamespace) => {
        const request = protobuf.Root.fromJSON(definitions).lookupType('google.firestore.v1.CommitRequest');
        return Buffer.from(request.encode(request.fromObject(commit)).finish());
      };
      expect(written(lean)).to.deep.equal(written(firestore)).and.to.have.length.above(100);
    });

    it('and no others', () => {
      expect(JSON.stringify(lean).length).to.be.below(JSON.stringify(firestore).length / 3);
      expect(onlyNeededBy([], firestore)).to.deep.equal({ nested: {} });
      expect(() => onlyNeededBy(['google.firestore.v1.Fire'], firestore)).to.throw('Fire');
    });
  });

  it('are not built when a package no longer has what is replaced', async () => {
    const stdin = { contents: "require('@google-cloud/firestore')", resolveDir: import.meta.dirname };
    const options = { stdin, bundle: true, platform: 'node', write: false, logLevel: 'silent' } as const;
    const failure: unknown = await build({ ...options, plugins: [leanClients()] }).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.an('error').with.property('message').that.includes('pubsub-api');
  });
});
