/** Sends the events of a cloud to the functions that they trigger. */
import type { PubSub } from '@google-cloud/pubsub';
import { readManifest, type DeployedFunction } from '../../functions/manifest.ts';
import { pushSubscriptions, type PushSubscription } from '../../functions/subscriptions.ts';
import type { RunningCloud } from './cloud.ts';
import type { EventarcStandIn } from './eventarc.ts';
import { createSubscription, createTopics, pushWidely } from './pubsub.ts';
import type { Closers } from './services.ts';

/** A function and the address where it accepts events. */
export interface ServedFunction {
  readonly definition: DeployedFunction;
  readonly url: string;
}

export interface TopicOptions {
  /** Changes a subscription, for example to shorter waits. */
  readonly adjust?: (declared: PushSubscription) => PushSubscription;
  /** How many messages a function gets at the same time. When absent, Pub/Sub itself pushes: Google's emulator two at a time. */
  readonly inFlight?: number;
}

/** Creates all topics, and the subscriptions of the functions. @param closers get what ends their deliveries. */
export async function connectTopics(
  pubsub: PubSub,
  functions: readonly ServedFunction[],
  { adjust = (declared) => declared, inFlight }: TopicOptions,
  closers: Closers,
): Promise<void> {
  // Functions that publish need their topics, even when no subscriber runs.
  await createTopics(pubsub, pushSubscriptions(readManifest().functions));
  const urls = new Map(functions.map(({ definition, url }) => [definition.name, url]));
  const declared = pushSubscriptions(functions.map(({ definition }) => definition)).map(adjust);
  for (const subscription of declared) {
    const url = urls.get(subscription.functionName) ?? '';
    await createSubscription(pubsub, subscription, inFlight === undefined ? url : undefined);
    if (inFlight !== undefined) closers.push(pushWidely(pubsub, subscription, url, inFlight));
  }
}

/** Sends the writes that trigger a function to it. */
export async function connectDocuments(
  eventarc: EventarcStandIn,
  cloud: RunningCloud,
  functions: readonly ServedFunction[],
): Promise<void> {
  for (const { definition, url } of functions) {
    if (definition.eventTrigger?.eventType !== 'google.cloud.firestore.document.v1.written') continue;
    eventarc.deliverTo({ url, concurrency: definition.concurrency });
    await cloud.reportWrites(definition);
  }
}
