import { createRequire } from 'node:module';
import protobuf from 'protobufjs';

/** Google's complete definitions, which check what the functions read with a few lines of their own. */
const protos = protobuf.Root.fromJSON(
  createRequire(import.meta.url)(
    '@google-cloud/firestore-api/build/protos/protos.json',
  ) as protobuf.INamespace,
);
const documentType = protos.lookupType('google.firestore.v1.Document');
const eventType = new protobuf.Type('DocumentEventData')
  .add(new protobuf.Field('value', 1, 'google.firestore.v1.Document'))
  .add(new protobuf.Field('oldValue', 2, 'google.firestore.v1.Document'));
protos.add(eventType);

type Fields = Readonly<Record<string, unknown>>;

/** The bytes of a Firestore event, as Eventarc delivers them. */
export function documentEvent(documentId: string, after?: Fields, before?: Fields): Buffer {
  return Buffer.from(
    eventType
      .encode({
        ...(after && { value: wireDocument(documentId, after) }),
        ...(before && { oldValue: wireDocument(documentId, before) }),
      })
      .finish(),
  );
}

function wireDocument(documentId: string, fields: Fields) {
  const name = `projects/demo-farmacy/databases/(default)/documents/customers/${documentId}`;
  return documentType.fromObject({ name, fields: wireFields(fields), updateTime: { seconds: 1 } });
}

function wireFields(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, wireValue(value)]));
}

function wireValue(value: unknown): Fields {
  if (value === null || value === undefined) return { nullValue: 'NULL_VALUE' };
  if (typeof value === 'boolean') return { booleanValue: value };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number')
    return Number.isInteger(value) ? { integerValue: value } : { doubleValue: value };
  if (value instanceof Date)
    return {
      timestampValue: { seconds: Math.floor(value.getTime() / 1000), nanos: (value.getTime() % 1000) * 1e6 },
    };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(wireValue) } };
  return { mapValue: { fields: wireFields(value as Fields) } };
}
