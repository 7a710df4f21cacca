import type { PubSub } from '@google-cloud/pubsub';
import { topics } from '../../domain/published-message.ts';
import type { Millis } from '../../domain/time.ts';
import { RetryableError } from '../../errors.ts';
import type { TransactionPublisher } from '../../ports.ts';

/**
 * Messages that are published at the same moment share one call, up to Pub/Sub's limits of 1,000 messages and 10 MB. No message
 * waits for others.
 */
const batching = { maxMessages: 1000, maxBytes: 9_000_000, maxMilliseconds: 0 };

/** @param timeout how long Pub/Sub has to acknowledge a message, with all retries. */
export function pubsubTransactionPublisher(pubsub: PubSub, timeout: Millis): TransactionPublisher {
  const topic = pubsub.topic(topics.transactions, { batching, gaxOpts: retryWithin(timeout) });
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

/** By default the client tries for ten minutes, with up to a minute between two attempts. */
function retryWithin(timeout: Millis) {
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
