import protobuf from 'protobufjs/light.js';
import type { DocumentChange, DocumentFields } from '../ports.ts';

/**
 * Firestore's events carry protobuf (`application/protobuf`), in the shape that Google publishes as
 * `google.events.cloud.firestore.v1.DocumentEventData`. Only the fields that are read are declared; protobuf skips the rest.
 * https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto
 */
const shapes = {
  nested: {
    DocumentEventData: {
      fields: { value: { type: 'Document', id: 1 }, oldValue: { type: 'Document', id: 2 } },
    },
    Document: {
      fields: { name: { type: 'string', id: 1 }, fields: { keyType: 'string', type: 'Value', id: 2 } },
    },
    Value: {
      oneofs: {
        kind: {
          oneof: [
            'nullValue',
            'booleanValue',
            'integerValue',
            'doubleValue',
            'timestampValue',
            'stringValue',
            'arrayValue',
            'mapValue',
          ],
        },
      },
      fields: {
        booleanValue: { type: 'bool', id: 1 },
        integerValue: { type: 'int64', id: 2 },
        doubleValue: { type: 'double', id: 3 },
        mapValue: { type: 'MapValue', id: 6 },
        arrayValue: { type: 'ArrayValue', id: 9 },
        timestampValue: { type: 'Timestamp', id: 10 },
        nullValue: { type: 'int32', id: 11 },
        stringValue: { type: 'string', id: 17 },
      },
    },
    ArrayValue: { fields: { values: { rule: 'repeated', type: 'Value', id: 1 } } },
    MapValue: { fields: { fields: { keyType: 'string', type: 'Value', id: 1 } } },
    Timestamp: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
  },
};

const documentEventData = protobuf.Root.fromJSON(shapes).lookupType('DocumentEventData');

/**
 * Reads the data of a `google.cloud.firestore.document.v1.*` event.
 * @throws Error when the bytes are not such data.
 */
export function decodeDocumentEvent(data: Uint8Array): DocumentChange {
  const { value, oldValue } = documentEventData.toObject(documentEventData.decode(data), {
    longs: Number,
    oneofs: true,
  }) as { value?: WireDocument; oldValue?: WireDocument };
  const name = value?.name ?? oldValue?.name;
  if (name === undefined) throw new Error('The event of a document names no document.');
  return {
    documentId: name.slice(name.lastIndexOf('/') + 1),
    before: oldValue && plainFields(oldValue.fields),
    after: value && plainFields(value.fields),
  };
}

interface WireDocument {
  name?: string;
  fields?: WireFields;
}

type WireFields = Record<string, WireValue>;

type WireValue =
  | { kind: 'nullValue' }
  | { kind: 'booleanValue'; booleanValue: boolean }
  | { kind: 'integerValue'; integerValue: number }
  | { kind: 'doubleValue'; doubleValue: number }
  | { kind: 'timestampValue'; timestampValue: { seconds?: number; nanos?: number } }
  | { kind: 'stringValue'; stringValue: string }
  | { kind: 'arrayValue'; arrayValue: { values?: WireValue[] } }
  | { kind: 'mapValue'; mapValue: { fields?: WireFields } }
  | { kind?: never };

function plainFields(fields: WireFields = {}): DocumentFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: WireValue): unknown {
  switch (value.kind) {
    case 'booleanValue':
      return value.booleanValue;
    case 'integerValue':
      return value.integerValue;
    case 'doubleValue':
      return value.doubleValue;
    case 'stringValue':
      return value.stringValue;
    case 'timestampValue':
      return (value.timestampValue.seconds ?? 0) * 1000 + (value.timestampValue.nanos ?? 0) / 1e6;
    case 'arrayValue':
      return (value.arrayValue.values ?? []).map(plainValue);
    case 'mapValue':
      return plainFields(value.mapValue.fields);
    default:
      return null;
  }
}
