/**
 * Events of documents as Eventarc sends them to a function: a CloudEvent in binary mode
 * (https://cloud.google.com/eventarc/docs/run/receive-events), whose data is `DocumentEventData`
 * (https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto).
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import protos from '@google-cloud/firestore-api/build/protos/protos.json' with { type: 'json' };
import protobuf from 'protobufjs';
import type { Change } from './firestore/committer.ts';
import type { Document } from './firestore/documents.ts';
import { nameOf } from './firestore/names.ts';
import { toTimestamp } from './firestore/times.ts';
import type { Fields } from './firestore/values.ts';

/** Which documents a function gets events of. */
export interface DocumentTrigger {
  readonly project: string;
  /** The ID of the database. */
  readonly database: string;
  /** The pattern of their paths, such as `customers/{customerId}`; each name in braces stands for one segment. */
  readonly document: string;
}

export interface FirestoreEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

const root = protobuf.Root.fromJSON(protos);
const eventData = new protobuf.Type('DocumentEventData')
  .add(new protobuf.Field('value', 1, 'google.firestore.v1.Document'))
  .add(new protobuf.Field('oldValue', 2, 'google.firestore.v1.Document'))
  .add(new protobuf.Field('updateMask', 3, 'google.firestore.v1.DocumentMask'));
root.add(eventData);

export function matches({ project, database, document }: DocumentTrigger, change: Change): boolean {
  const pattern = document.split('/');
  const segments = change.path.split('/');
  return (
    change.database === `projects/${project}/databases/${database}` &&
    pattern.length === segments.length &&
    pattern.every((part, index) => part.startsWith('{') || part === segments[index])
  );
}

export function eventOf({ database, path, before, after, commitTime }: Change): FirestoreEvent {
  const name = nameOf(database, path);
  const data = {
    ...(after && { value: wireDocument(name, after) }),
    ...(before && { oldValue: wireDocument(name, before) }),
    ...(before && after && { updateMask: { fieldPaths: changedFields(before.fields, after.fields) } }),
  };
  const [, project = '', , databaseId = ''] = database.split('/');
  const time = new Date(Number(commitTime.seconds ?? 0) * 1_000 + (commitTime.nanos ?? 0) / 1e6);
  return {
    headers: {
      'content-type': 'application/protobuf',
      'ce-specversion': '1.0',
      'ce-id': randomUUID(),
      'ce-type': 'google.cloud.firestore.document.v1.written',
      'ce-source': `//firestore.googleapis.com/${database}`,
      'ce-subject': `documents/${path}`,
      'ce-time': time.toISOString(),
      'ce-project': project,
      'ce-database': databaseId,
      'ce-namespace': '(default)',
      'ce-document': path,
    },
    body: new Uint8Array(eventData.encode(eventData.fromObject(data)).finish()),
  };
}

function wireDocument(name: string, { fields, createTime, updateTime }: Document): object {
  return { name, fields, createTime: toTimestamp(createTime), updateTime: toTimestamp(updateTime) };
}

/** The top-level fields that differ, quoted where a field path needs it. */
function changedFields(before: Fields, after: Fields): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) =>
      /^[a-zA-Z_]\w*$/u.test(name) ? name : `\`${name.replaceAll(/[`\\]/gu, String.raw`\$&`)}\``,
    );
}
