/** Posts the messages of a push subscription to its endpoint (https://cloud.google.com/pubsub/docs/push). */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Consumer, Delivery } from './delivery.ts';
import { identityToken } from './identity-token.ts';
import type { PushConfig } from './settings.ts';
import type { Subscription } from './subscription.ts';

/**
 * The most requests of one subscription that wait for an answer. The cloud starts with few and allows more for an
 * endpoint that answers well; here the limit is constant.
 */
const MOST_OUTSTANDING = 100;

/** Google also names 102, an interim answer, which no function sends. */
const ACKNOWLEDGING = [200, 201, 202, 204];

/** Takes no messages while the subscription has no endpoint. */
export class PushConsumer implements Consumer {
  readonly #subscription: Subscription;
  readonly #now: () => number;
  readonly #outstanding = new Map<string, AbortController>();

  /** @param now in milliseconds since 1970. */
  constructor(subscription: Subscription, now: () => number) {
    this.#subscription = subscription;
    this.#now = now;
  }

  offer(): void {
    if (this.#subscription.settings.pushConfig.pushEndpoint === '') return;
    const deliveries = this.#subscription.take({
      messages: MOST_OUTSTANDING - this.#outstanding.size,
      onSettled: ({ ackId }) => this.#settled(ackId),
    });
    for (const delivery of deliveries) void this.#push(delivery);
  }

  end(): void {
    for (const controller of this.#outstanding.values()) controller.abort();
  }

  async #push(delivery: Delivery): Promise<void> {
    const controller = new AbortController();
    this.#outstanding.set(delivery.ackId, controller);
    const { name, pushConfig } = this.#subscription.settings;
    const headers = { 'content-type': 'application/json', ...this.#authorization(pushConfig) };
    const body = JSON.stringify(wrapped(delivery, name));
    const status = await post(pushConfig.pushEndpoint, headers, body, controller.signal);
    this.#outstanding.delete(delivery.ackId);
    if (ACKNOWLEDGING.includes(status)) this.#subscription.acknowledge([delivery.ackId]);
    else this.#subscription.modifyAckDeadline([delivery.ackId], 0);
  }

  /** Aborts a request that is not answered at the deadline: the endpoint gets another one. */
  #settled(ackId: string): void {
    this.#outstanding.get(ackId)?.abort();
    this.#outstanding.delete(ackId);
    this.offer();
  }

  #authorization({ oidcToken, pushEndpoint }: PushConfig): Record<string, string> {
    if (!oidcToken) return {};
    const { serviceAccountEmail, audience } = oidcToken;
    return {
      authorization: `Bearer ${identityToken(serviceAccountEmail, audience || pushEndpoint, this.#now())}`,
    };
  }
}

/** The request body. Empty fields are absent, as in the JSON of any protocol buffer. */
function wrapped({ message, deliveryAttempt }: Delivery, subscription: string): object {
  const { messageId, data, attributes, orderingKey } = message;
  const publishTime = new Date(message.publishTime).toISOString();
  return {
    message: {
      ...(Object.keys(attributes).length > 0 && { attributes }),
      ...(data.length > 0 && { data: data.toString('base64') }),
      messageId,
      message_id: messageId,
      ...(orderingKey !== '' && { orderingKey }),
      publishTime,
      publish_time: publishTime,
    },
    subscription,
    ...(deliveryAttempt > 0 && { deliveryAttempt }),
  };
}

/** Resolves with the status of the answer; with 0 when there is none, or when the signal aborts. */
function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const start = url.startsWith('https:') ? requestHttps : requestHttp;
  start(url, { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) }, signal })
    .on('response', (response) => {
      response.resume().on('error', () => undefined);
      resolve(response.statusCode ?? 0);
    })
    .on('error', () => resolve(0))
    .end(body);
  return promise;
}
