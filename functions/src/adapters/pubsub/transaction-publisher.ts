import type { PubSub } from '@google-cloud/pubsub';
import { RetryableError } from '../../errors.ts';
import { topics } from '../../messages/pubsub-event.ts';
import type { TransactionPublisher } from '../../ports.ts';

/**
 * What is published at the same moment goes out in one call, as far as Pub/Sub takes it: 1,000 messages, 10 MB.
 * Nothing waits for company that may come.
 */
const batching = { maxMessages: 1000, maxBytes: 9_000_000, maxMilliseconds: 0 };

/** @param timeout how long Pub/Sub has to acknowledge, further tries included, in ms. */
export function pubsubTransactionPublisher(pubsub: PubSub, timeout: number): TransactionPublisher {
  const topic = pubsub.topic(topics.transactions, { batching, gaxOpts: patience(timeout) });
  return {
    async publish(data, attributes) {
      try {
        return await topic.publishMessage({ data, attributes: { ...attributes } });
      } catch (error) {
        throw new RetryableError('Pub/Sub has not acknowledged a message.', { cause: error });
      }
    },
  };
}

/** The client's own patience is ten minutes, with up to one between two tries. */
function patience(timeout: number) {
  const backoffSettings = {
    initialRetryDelayMillis: 100,
    retryDelayMultiplier: 2,
    maxRetryDelayMillis: 1_000,
    initialRpcTimeoutMillis: timeout,
    rpcTimeoutMultiplier: 1,
    maxRpcTimeoutMillis: timeout,
    totalTimeoutMillis: timeout,
  };
  return { retry: { backoffSettings } };
}
