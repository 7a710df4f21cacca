import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { Broker } from './broker.ts';
import type { Consumer } from './delivery.ts';
import type { Environment } from './environment.ts';
import { invalid, PubsubError } from './errors.ts';
import { received, type ReceivedMessages } from './received.ts';

interface PullRequest {
  readonly subscription: string;
  readonly maxMessages: number;
  readonly returnImmediately: boolean;
}

/** How long a pull waits for a first message before it answers that there is none, in ms. */
const PATIENCE = 30_000;

/** Answers with what there is, else with the first message that comes. */
export function pull(broker: Broker, environment: Environment) {
  return (
    call: ServerUnaryCall<PullRequest, ReceivedMessages>,
    callback: sendUnaryData<ReceivedMessages>,
  ): void => {
    const { subscription: name, maxMessages, returnImmediately } = call.request;
    try {
      const subscription = broker.subscription(name);
      if (maxMessages <= 0) throw invalid('No max_messages specified');
      const deliveries = subscription.take({ messages: maxMessages });
      if (deliveries.length > 0 || returnImmediately) {
        callback(null, received(deliveries));
        return;
      }
      const finish = (): void => {
        stopTimer();
        subscription.detach(consumer);
      };
      const consumer: Consumer = {
        offer() {
          const come = subscription.take({ messages: maxMessages });
          if (come.length === 0) return;
          finish();
          callback(null, received(come));
        },
        end() {
          finish();
          callback(new PubsubError('NOT_FOUND', 'Subscription does not exist'));
        },
      };
      const stopTimer = environment.after(PATIENCE, () => {
        finish();
        callback(null, received([]));
      });
      call.on('cancelled', finish);
      subscription.attach(consumer);
    } catch (error) {
      callback(error as Error);
    }
  };
}
