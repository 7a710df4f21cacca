import { expect } from 'chai';
import fc from 'fast-check';
import { customerChange } from '../../functions/src/adapters/firestore/customer-documents.ts';
import { decodePublishedMessage } from '../../functions/src/framework/cloud-event.ts';
import { decodeDocumentEvent } from '../../functions/src/framework/document-event.ts';
import { customer } from '../support/customers.ts';
import { documentEvent } from '../support/document-events.ts';

describe('the event of a written document', () => {
  it('holds the document before and after', () => {
    const event = documentEvent('abc', { n: 2 }, { n: 1 });
    expect(decodeDocumentEvent(event)).to.deep.equal({
      documentId: 'abc',
      before: { n: 1 },
      after: { n: 2 },
    });
  });
  it('has no document before a creation and none after a deletion', () => {
    expect(decodeDocumentEvent(documentEvent('abc', { n: 1 }))).to.deep.include({ before: undefined });
    expect(decodeDocumentEvent(documentEvent('abc', undefined, { n: 1 }))).to.deep.include({
      after: undefined,
    });
  });
  it('of an empty document has no fields', () => {
    expect(decodeDocumentEvent(documentEvent('abc', {})).after).to.deep.equal({});
  });
  it('gives times in epoch milliseconds', () => {
    const at = new Date('2026-05-01T12:00:00.250Z');
    expect(decodeDocumentEvent(documentEvent('abc', { at })).after).to.deep.equal({ at: at.getTime() });
  });
  it('holds any value that Firestore can store', () => {
    const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.maxSafeInteger().filter((n) => !Object.is(n, -0)),
        fc.double({ noNaN: true, noInteger: true }),
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('value').filter((value) => !Array.isArray(value))),
        fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), tie('value'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(anything, (value) => {
        expect(decodeDocumentEvent(documentEvent('abc', { value })).after).to.deep.equal({ value });
      }),
    );
  });
  it('is an error when it names no document or is not protobuf', () => {
    expect(() => decodeDocumentEvent(Buffer.alloc(0))).to.throw('names no document');
    expect(() => decodeDocumentEvent(Buffer.from('{"not": "protobuf"}'))).to.throw();
  });
});

describe('the event of a written customer', () => {
  const changeIn = (event: Buffer) => customerChange(decodeDocumentEvent(event));

  it('holds the customer before and after', () => {
    const { customerId, ...before } = customer();
    const { customerId: same, ...after } = customer({ transactions: 2 });
    expect(changeIn(documentEvent(same, after, before))).to.deep.equal({
      before: { customerId, ...before },
      after: { customerId, ...after },
    });
  });
  it('holds a customer who signed up and never bought', () => {
    const after = changeIn(documentEvent('abc', { email: 'a@example.com', signedUpAt: 1 }))?.after;
    expect(after).to.include({ customerId: 'abc', transactions: 0, group: 'outreach', signedUpAt: 1 });
  });
  it('holds no change when the customer was deleted', () => {
    expect(changeIn(documentEvent('abc', undefined, { transactions: 1 }))).to.equal(undefined);
  });
  it('is an error when the document is not one that this system writes', () => {
    expect(() => changeIn(documentEvent('abc', { transactions: 'many' }))).to.throw();
  });
});

describe('the event of a published message', () => {
  const message = {
    messageId: '7',
    data: Buffer.from('{}').toString('base64'),
    attributes: { vendor: 'acme' },
  };
  const decoded = {
    messageId: '7',
    topic: 'transactions',
    data: Buffer.from('{}'),
    attributes: { vendor: 'acme' },
  };

  it('holds the decoded message and its topic', () => {
    const event = {
      type: 'google.cloud.pubsub.topic.v1.messagePublished',
      data: { message, subscription: 's' },
    };
    expect(decodePublishedMessage('transactions', event)).to.deep.equal(decoded);
  });
  it('may have the format of a push subscription', () => {
    expect(decodePublishedMessage('transactions', { message, subscription: 's' })).to.deep.equal(decoded);
  });
  it('may hold an empty message', () => {
    const event = { message: { messageId: '7', publishTime: '2026-05-01T12:00:00Z' }, subscription: 's' };
    const { data, attributes } = decodePublishedMessage('transactions', event);
    expect(data).to.have.length(0);
    expect(attributes).to.deep.equal({});
  });
});
