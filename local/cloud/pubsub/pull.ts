import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { Broker } from './broker.ts';
import type { Consumer } from './delivery.ts';
import type { Environment } from '../environment.ts';
import { GrpcError, invalid } from '../grpc-error.ts';
import { toStatus } from '../grpc-server.ts';
import { received, type ReceivedMessages } from './received.ts';
import type { Subscription } from './subscription.ts';

interface PullRequest {
  readonly subscription: string;
  readonly maxMessages: number;
  readonly returnImmediately: boolean;
}

/** How long a pull waits for a first message, in ms. Then its answer is empty. */
const PATIENCE = 30_000;

type Callback = sendUnaryData<ReceivedMessages>;

/** Answers with the messages that are ready, or else waits for the next ones. */
export function pull(broker: Broker, environment: Environment) {
  return (call: ServerUnaryCall<PullRequest, ReceivedMessages>, callback: Callback): void => {
    const { subscription: name, maxMessages, returnImmediately } = call.request;
    try {
      const subscription = broker.subscription(name);
      if (maxMessages <= 0) throw invalid('No max_messages specified');
      const deliveries = subscription.take({ messages: maxMessages });
      if (deliveries.length > 0 || returnImmediately) {
        callback(null, received(deliveries));
        return;
      }
      call.on('cancelled', waitForMessages(subscription, maxMessages, environment, callback));
    } catch (error) {
      callback(toStatus(error));
    }
  };
}

/** @returns a function that ends the wait without an answer. */
function waitForMessages(
  subscription: Subscription,
  messages: number,
  environment: Environment,
  callback: Callback,
): () => void {
  const consumer: Consumer = {
    offer() {
      const deliveries = subscription.take({ messages });
      if (deliveries.length === 0) return;
      finish();
      callback(null, received(deliveries));
    },
    end() {
      finish();
      callback(new GrpcError('NOT_FOUND', 'Subscription does not exist'));
    },
  };
  const stopTimer = environment.after(PATIENCE, () => {
    finish();
    callback(null, received([]));
  });
  const finish = (): void => {
    stopTimer();
    subscription.detach(consumer);
  };
  subscription.attach(consumer);
  return finish;
}
