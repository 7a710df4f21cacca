import { createRequire } from 'node:module';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import protobuf, { type INamespace } from 'protobufjs';
import { bundle } from '../../infra/archive/bundle.ts';
import { neededBy } from '../../infra/archive/pruned-definitions.ts';

const service = 'google.firestore.v1.Firestore';
const original = createRequire(import.meta.url)(
  '@google-cloud/firestore-api/build/protos/protos.json',
) as INamespace;

/** A commit with a value of every kind. */
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

/** The types and enums of a service: those that its calls name, and those that these consist of, as JSON by full name. */
function typesOf(definitions: INamespace): Record<string, object> {
  const root = protobuf.Root.fromJSON(definitions).resolveAll();
  const types: Record<string, object> = {};
  const add = (type: protobuf.Type | protobuf.Enum | null): void => {
    if (type === null || type.fullName in types) return;
    const { nested: _, ...own } = type.toJSON() as INamespace;
    types[type.fullName] = own;
    if (type instanceof protobuf.Type) for (const { resolvedType } of type.fieldsArray) add(resolvedType);
  };
  for (const method of root.lookupService(service).methodsArray) {
    add(method.resolvedRequestType);
    add(method.resolvedResponseType);
  }
  return types;
}

describe('the pruned protobuf definitions', () => {
  const pruned = neededBy([service], original);

  it('have every method of the service', () => {
    const methodsOf = (definitions: INamespace) =>
      protobuf.Root.fromJSON(definitions).lookupService(service).toJSON();
    expect(methodsOf(pruned)).to.deep.equal(methodsOf(original));
    expect(Object.keys(methodsOf(pruned).methods)).to.have.length.above(10);
  });

  it('have every type of its calls, with every field', () => {
    expect(typesOf(pruned)).to.deep.equal(typesOf(original));
    expect(Object.keys(typesOf(pruned)))
      .to.include('.google.firestore.v1.Value')
      .and.to.have.length.above(50);
  });

  it('encode the same bytes', () => {
    const encoded = (definitions: INamespace) => {
      const request = protobuf.Root.fromJSON(definitions).lookupType('google.firestore.v1.CommitRequest');
      return Buffer.from(request.encode(request.fromObject(commit)).finish());
    };
    expect(encoded(pruned)).to.deep.equal(encoded(original)).and.to.have.length.above(100);
  });

  it('have nothing else', () => {
    expect(JSON.stringify(pruned).length).to.be.below(JSON.stringify(original).length / 3);
    expect(neededBy([], original)).to.deep.equal({ nested: {} });
    expect(() => neededBy(['google.firestore.v1.Fire'], original)).to.throw('Fire');
  });

  it('lack the administration of Firestore, which the functions do not use', () => {
    const folder = 'functions/src';
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    expect(sources).to.have.length.above(10);
    for (const name of sources) {
      expect(readFileSync(path.join(folder, name), 'utf8'), name).to.not.include('FirestoreAdmin');
    }
  });

  it('fail the build when a file to prune no longer exists', async () => {
    const withoutFirestore = bundle({ program: 'infra/archive/warm-up.ts' });
    const failure: unknown = await withoutFirestore.catch((error: unknown) => error);
    for (const name of ['firestore-api', 'locations', 'iam_service', 'operations']) {
      expect(String(failure)).to.include(name);
    }
  });
});
