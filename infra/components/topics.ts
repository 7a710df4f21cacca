import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { deadLetterTopicOf, delivery } from '../../functions/subscriptions.ts';

export interface TopicsArgs {
  readonly project: string;
  /** Where messages are kept; personal data does not leave it. */
  readonly region: string;
  /** The topics that functions are subscribed to. */
  readonly subscribed: readonly string[];
  readonly pubsubAgent: pulumi.Input<string>;
}

/** Every topic that triggers a function, and the topic where what cannot be delivered goes. */
export class Topics extends pulumi.ComponentResource {
  /** Names of the subscriptions that keep what no function takes. */
  readonly keptDeadLetters: readonly string[];
  readonly #topics = new Map<string, gcp.pubsub.Topic>();

  constructor(args: TopicsArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Topics', 'topics', {}, options);
    const { subscribed } = args;
    const deadLetters = new Set(subscribed.map(deadLetterTopicOf).filter((name) => name !== undefined));
    for (const name of new Set([...subscribed, ...deadLetters])) this.#declare(name, args);
    for (const name of deadLetters) this.#admitDeadLetters(name, args);
    this.keptDeadLetters = [...deadLetters]
      .filter((name) => !subscribed.includes(name))
      .map((name) => this.#keep(name, args));
    this.registerOutputs({});
  }

  /** @throws Error when no function is subscribed to a topic of this name. */
  named(name: string): gcp.pubsub.Topic {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw new Error(`functions.yaml subscribes no function to the topic ${name}.`);
    return topic;
  }

  #declare(name: string, { project, region }: TopicsArgs): void {
    const topic = new gcp.pubsub.Topic(
      name,
      { project, name, messageStoragePolicy: { allowedPersistenceRegions: [region] } },
      { parent: this },
    );
    this.#topics.set(name, topic);
  }

  /** Pub/Sub forwards under its own account (https://docs.cloud.google.com/pubsub/docs/dead-letter-topics). */
  #admitDeadLetters(name: string, { project, pubsubAgent }: TopicsArgs): void {
    new gcp.pubsub.TopicIAMMember(
      `${name}-forwarding`,
      { project, topic: this.named(name).name, role: 'roles/pubsub.publisher', member: pubsubAgent },
      { parent: this },
    );
  }

  /** Without a subscription, what is published to a topic is gone at once. */
  #keep(name: string, { project }: TopicsArgs): string {
    const kept = `${name}-kept`;
    new gcp.pubsub.Subscription(
      kept,
      {
        project,
        name: kept,
        topic: this.named(name).id,
        messageRetentionDuration: `${delivery.retentionSeconds}s`,
        expirationPolicy: { ttl: '' },
        retryPolicy: retryPolicy(),
      },
      { parent: this },
    );
    return kept;
  }
}

/** How long Pub/Sub waits before it delivers again what was not acknowledged. */
export function retryPolicy() {
  return {
    minimumBackoff: `${delivery.minimumBackoffSeconds}s`,
    maximumBackoff: `${delivery.maximumBackoffSeconds}s`,
  };
}
