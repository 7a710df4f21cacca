import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Broker } from './broker.ts';
import type { Consumer, Delivery } from './delivery.ts';
import { GrpcError, invalid } from '../grpc-error.ts';
import { toStatus } from '../grpc-server.ts';
import { sizeOf } from './messages.ts';
import { received, type ReceivedMessages } from './received.ts';
import type { Subscription } from './subscription.ts';

/** The first request names the subscription. Later ones acknowledge, change deadlines, or keep the stream alive. */
interface StreamingPullRequest {
  readonly subscription: string;
  readonly ackIds: readonly string[];
  readonly modifyDeadlineSeconds: readonly number[];
  readonly modifyDeadlineAckIds: readonly string[];
  readonly streamAckDeadlineSeconds: number;
  /** 0 or less for no limit. */
  readonly maxOutstandingMessages: number;
  readonly maxOutstandingBytes: number;
}

export type StreamingPullCall = ServerDuplexStream<StreamingPullRequest, ReceivedMessages>;

/** One stream of a subscriber, with the flow control that the subscriber asks for. */
export class StreamingPull implements Consumer {
  readonly #call: StreamingPullCall;
  readonly #broker: Broker;
  #subscription: Subscription | undefined;
  /** In ms. */
  #ackDeadline = 0;
  #mostMessages = Infinity;
  #mostBytes = Infinity;
  #messages = 0;
  #bytes = 0;

  constructor(call: StreamingPullCall, broker: Broker) {
    this.#call = call;
    this.#broker = broker;
    call.on('data', (request: StreamingPullRequest) => this.#receive(request));
    call.on('end', () => {
      this.#leave();
      call.end();
    });
    call.on('cancelled', () => this.#leave());
  }

  offer(): void {
    const deliveries = this.#subscription?.take({
      messages: this.#mostMessages - this.#messages,
      bytes: this.#mostBytes - this.#bytes,
      ackDeadline: this.#ackDeadline,
      onSettled: (delivery) => this.#settled(delivery),
    });
    if (deliveries === undefined || deliveries.length === 0) return;
    this.#messages += deliveries.length;
    for (const { message } of deliveries) this.#bytes += sizeOf(message);
    this.#call.write(received(deliveries));
    this.offer();
  }

  end(): void {
    this.#fail(new GrpcError('NOT_FOUND', 'Subscription does not exist'));
  }

  #receive(request: StreamingPullRequest): void {
    try {
      if (this.#subscription === undefined) this.#open(request);
      else this.#handle(request, this.#subscription);
    } catch (error) {
      this.#fail(error);
    }
  }

  #open(request: StreamingPullRequest): void {
    const { subscription, maxOutstandingMessages, maxOutstandingBytes } = request;
    if (subscription === '') throw invalid('first message must set subscription');
    const found = this.#broker.subscription(subscription);
    this.#setAckDeadline(request.streamAckDeadlineSeconds);
    if (maxOutstandingMessages > 0) this.#mostMessages = maxOutstandingMessages;
    if (maxOutstandingBytes > 0) this.#mostBytes = maxOutstandingBytes;
    this.#subscription = found;
    found.attach(this);
  }

  #handle(request: StreamingPullRequest, subscription: Subscription): void {
    const { ackIds, modifyDeadlineAckIds, modifyDeadlineSeconds, streamAckDeadlineSeconds } = request;
    if (request.subscription !== '') throw invalid('subscription may only be set in first message');
    if (modifyDeadlineAckIds.length !== modifyDeadlineSeconds.length) {
      throw invalid('modify_deadline_seconds and modify_deadline_ack_ids differ in length');
    }
    if (streamAckDeadlineSeconds !== 0) this.#setAckDeadline(streamAckDeadlineSeconds);
    if (ackIds.length > 0) subscription.acknowledge(ackIds);
    for (const [index, ackId] of modifyDeadlineAckIds.entries()) {
      subscription.modifyAckDeadline([ackId], modifyDeadlineSeconds[index] ?? 0);
    }
    // The client replaces a stream that does not answer such a request within 15 s.
    if (ackIds.length + modifyDeadlineAckIds.length === 0) this.#call.write(received([]));
  }

  #setAckDeadline(seconds: number): void {
    if (seconds < 10 || seconds > 600) {
      throw invalid('stream_ack_deadline_seconds must be between 10 and 600 seconds');
    }
    this.#ackDeadline = seconds * 1_000;
  }

  #settled({ message }: Delivery): void {
    this.#messages -= 1;
    this.#bytes -= sizeOf(message);
    this.offer();
  }

  #fail(error: unknown): void {
    this.#leave();
    this.#call.emit('error', toStatus(error));
  }

  /** Outstanding messages stay outstanding until they are acknowledged or their deadline ends. */
  #leave(): void {
    this.#subscription?.detach(this);
    this.#subscription = undefined;
  }
}
