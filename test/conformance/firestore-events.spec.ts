import { Firestore } from '@google-cloud/firestore';
import { expect } from 'chai';
import { decodeDocumentEvent } from '../../functions/src/framework/document-event.ts';
import type { FirestoreEvent } from '../../local/cloud/document-events.ts';
import { startEmbeddedCloud, type EmbeddedCloud } from '../../local/cloud/embedded-cloud.ts';

describe('the events of the embedded Firestore', () => {
  let cloud: EmbeddedCloud;
  let firestore: Firestore;
  const events: FirestoreEvent[] = [];

  before(async () => {
    cloud = await startEmbeddedCloud();
    Object.assign(process.env, { METADATA_SERVER_DETECTION: 'none' });
    firestore = new Firestore({
      projectId: 'demo-events',
      host: cloud.env['FIRESTORE_EMULATOR_HOST'] ?? '',
      ssl: false,
      customHeaders: { Authorization: 'Bearer owner' },
    });
    cloud.onWrite(
      { project: 'demo-events', database: '(default)', document: 'customers/{customerId}' },
      (event) => events.push(event),
    );
  });
  beforeEach(() => events.splice(0));
  after(async () => {
    await firestore.terminate();
    await cloud.stop();
  });

  const changes = () => events.map(({ body }) => decodeDocumentEvent(body));

  it('say what a document was and what it is', async () => {
    const document = firestore.doc('customers/ann');
    const at = new Date('2026-03-01T12:00:00.123Z');
    await document.set({ count: 1, since: at, tags: ['a', null, 1.5], nested: { 'a.b': true } });
    await document.update({ count: 2, 'nested.more': 'text' });
    await document.delete();
    const rest = { since: at.getTime(), tags: ['a', null, 1.5] };
    const created = { ...rest, count: 1, nested: { 'a.b': true } };
    const updated = { ...rest, count: 2, nested: { 'a.b': true, more: 'text' } };
    expect(changes()).to.deep.equal([
      { documentId: 'ann', before: undefined, after: created },
      { documentId: 'ann', before: created, after: updated },
      { documentId: 'ann', before: updated, after: undefined },
    ]);
  });

  it('have the headers of a CloudEvent in binary mode', async () => {
    await firestore.doc('customers/bob').set({ count: 1 });
    const { 'ce-id': id, 'ce-time': time, ...headers } = events[0]?.headers ?? {};
    expect(id).to.match(/^[\da-f-]{36}$/u);
    expect(time).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u);
    expect(headers).to.deep.equal({
      'content-type': 'application/protobuf',
      'ce-specversion': '1.0',
      'ce-type': 'google.cloud.firestore.document.v1.written',
      'ce-source': '//firestore.googleapis.com/projects/demo-events/databases/(default)',
      'ce-subject': 'documents/customers/bob',
      'ce-project': 'demo-events',
      'ce-database': '(default)',
      'ce-namespace': '(default)',
      'ce-document': 'customers/bob',
    });
  });

  it('are those of the documents that the trigger names, and of writes that change them', async () => {
    await firestore.doc('customers/cid').set({ count: 1 });
    await firestore.doc('customers/cid').set({ count: 1 });
    await firestore.doc('customers/cid/notes/1').set({ count: 1 });
    await firestore.doc('emails/cid').set({ count: 1 });
    expect(changes().map(({ documentId }) => documentId)).to.deep.equal(['cid']);
  });
});
