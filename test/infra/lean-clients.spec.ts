import { createRequire } from 'node:module';
import { expect } from 'chai';
import protobuf, { type INamespace } from 'protobufjs';
import { leanClients } from '../../infra/archive/lean-clients.ts';
import { onlyNeededBy } from '../../infra/archive/service-definitions.ts';

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

describe('the lean clients of the archive', () => {
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
    let end: (() => unknown) | undefined;
    const build = { onLoad: () => undefined, onEnd: (callback: () => unknown) => (end = callback) };
    await leanClients().setup(build as unknown as Parameters<ReturnType<typeof leanClients>['setup']>[0]);
    const [complaints, replaced] = [JSON.stringify(end?.()), ['pubsub-api', 'google-gax', 'descriptor']];
    for (const name of replaced) expect(complaints).to.include(name);
  });
});
