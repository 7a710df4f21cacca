import { expect } from 'chai';
import type { PublishedMessage } from '../../functions/src/domain/published-message.ts';
import { decodeDeadLetter } from '../../functions/src/messages/dead-letter.ts';
import { publishedMessage } from '../support/messages.ts';
import { transactionMessage } from '../support/transactions.ts';

function deadLetterIn(received: PublishedMessage) {
  const decoded = decodeDeadLetter(received);
  if ('fault' in decoded) throw new Error('Every message is a dead letter.');
  return decoded.value;
}

describe('a dead letter', () => {
  const original = publishedMessage(transactionMessage());

  it('is the published message with what Pub/Sub reports about its deliveries', () => {
    const received = {
      ...original,
      attributes: {
        ...original.attributes,
        CloudPubSubDeadLetterSourceDeliveryCount: '20',
        CloudPubSubDeadLetterSourceSubscription: 'record-transaction',
        CloudPubSubDeadLetterSourceSubscriptionProject: 'farmacy',
        CloudPubSubDeadLetterSourceTopicPublishTime: '2026-05-01T11:55:00.123+00:00',
      },
    };
    expect(deadLetterIn(received)).to.deep.equal({
      message: original,
      fault: {
        reason: 'delivery-attempts-exhausted',
        details: [
          '20 deliveries to record-transaction failed: the log of the function says why',
          'first published 2026-05-01T11:55:00.123+00:00',
        ],
      },
    });
  });

  it('has a general description where Pub/Sub reports nothing', () => {
    expect(deadLetterIn(original).fault.details).to.deep.equal([
      'all deliveries to its subscription failed: the log of the function says why',
    ]);
  });

  it('quotes nothing that a publisher wrote into the attributes of Pub/Sub', () => {
    const attributes = {
      CloudPubSubDeadLetterSourceDeliveryCount: 'ann@example.com',
      CloudPubSubDeadLetterSourceSubscription: 'Ann Lee',
      CloudPubSubDeadLetterSourceTopicPublishTime: 'yesterday, by Ann',
    };
    const { message, fault } = deadLetterIn({ ...original, attributes });
    expect(fault.details.join()).to.not.match(/ann/i);
    expect(message.attributes).to.deep.equal({});
  });
});
