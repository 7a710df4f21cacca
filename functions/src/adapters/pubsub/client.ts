import { PubSub } from '@google-cloud/pubsub';

/** A client of the project's topics. A bundler keeps the names of an SDK only where they are imported statically. */
export function pubsubClient(): PubSub {
  return new PubSub();
}
