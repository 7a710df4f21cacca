/**
 * Pub/Sub in memory, over gRPC: the methods of topics, subscriptions, pull, streaming pull and push that Google's
 * client uses. Every other method answers UNIMPLEMENTED with its name.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  Server,
  type handleUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { Broker, type Topic } from './broker.ts';
import { systemEnvironment, type Environment } from '../environment.ts';
import { listen, toStatus } from '../grpc-server.ts';
import type { NewMessage } from './messages.ts';
import { pull } from './pull.ts';
import { PushConsumer } from './push.ts';
import type { RequestedSettings } from './settings.ts';
import { StreamingPull, type StreamingPullCall } from './streaming-pull.ts';

export interface EmbeddedPubsub {
  /** `HOST:PORT`, for PUBSUB_EMULATOR_HOST. */
  readonly address: string;
  readonly broker: Broker;
  /** Ends every call and every push, and frees the port. */
  close(): Promise<void>;
}

/** In bytes. A publish request may have 10 MB; a somewhat larger one still gets a clear error. */
const LARGEST_MESSAGE = 20 * 1024 * 1024;

/** @param port a free one when 0. @param environment its clock and timers. */
export async function startPubsub(
  port = 0,
  environment: Environment = systemEnvironment,
): Promise<EmbeddedPubsub> {
  const broker = new Broker(environment, (subscription) => {
    subscription.attach(new PushConsumer(subscription, () => environment.now()));
  });
  const server = new Server({
    'grpc.max_receive_message_length': LARGEST_MESSAGE,
    'grpc.max_send_message_length': -1,
  });
  const { publisher, subscriber } = services();
  server.addService(publisher, publisherMethods(broker));
  server.addService(subscriber, subscriberMethods(broker, environment));
  return {
    address: await listen(server, port),
    broker,
    async close() {
      broker.close();
      server.forceShutdown();
    },
  };
}

/** The service definitions that Google's client ships. */
function services(): { publisher: ServiceDefinition; subscriber: ServiceDefinition } {
  const file = fileURLToPath(import.meta.resolve('@google-cloud/pubsub/build/protos/protos.json'));
  const json = JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof fromJSON>[0];
  const definitions = fromJSON(json, { longs: Number, enums: String, defaults: true });
  return {
    publisher: definitions['google.pubsub.v1.Publisher'] as ServiceDefinition,
    subscriber: definitions['google.pubsub.v1.Subscriber'] as ServiceDefinition,
  };
}

function publisherMethods(broker: Broker): UntypedServiceImplementation {
  type Named = { topic: string };
  return {
    createTopic: unary((topic: Topic) => broker.createTopic(topic)),
    getTopic: unary(({ topic }: Named) => broker.topic(topic)),
    deleteTopic: unary(({ topic }: Named) => broker.deleteTopic(topic)),
    publish: unary(({ topic, messages }: Named & { messages: readonly NewMessage[] }) => {
      return { messageIds: broker.publish(topic, messages) };
    }),
  };
}

function subscriberMethods(broker: Broker, environment: Environment): UntypedServiceImplementation {
  type Named = { subscription: string };
  type Acknowledged = Named & { ackIds: readonly string[] };
  return {
    createSubscription: unary(
      (requested: RequestedSettings) => broker.createSubscription(requested).settings,
    ),
    getSubscription: unary(({ subscription }: Named) => broker.subscription(subscription).settings),
    deleteSubscription: unary(({ subscription }: Named) => broker.deleteSubscription(subscription)),
    acknowledge: unary(({ subscription, ackIds }: Acknowledged) =>
      broker.subscription(subscription).acknowledge(ackIds),
    ),
    modifyAckDeadline: unary(
      ({ subscription, ackIds, ackDeadlineSeconds }: Acknowledged & { ackDeadlineSeconds: number }) =>
        broker.subscription(subscription).modifyAckDeadline(ackIds, ackDeadlineSeconds),
    ),
    pull: pull(broker, environment),
    streamingPull: (call: StreamingPullCall) => new StreamingPull(call, broker),
  };
}

/** A method that answers with what the function returns; one that returns nothing answers with an empty message. */
function unary<Request>(answer: (request: Request) => unknown): handleUnaryCall<Request, object> {
  return ({ request }, callback) => {
    let response: object;
    try {
      response = answer(request) ?? {};
    } catch (error) {
      callback(toStatus(error));
      return;
    }
    callback(null, response);
  };
}
