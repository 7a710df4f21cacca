import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { delivery, type PushSubscription } from '../../functions/subscriptions.ts';

export interface TopicsArgs {
  readonly project: string;
  /** Where Pub/Sub stores messages: personal data does not leave the region. */
  readonly region: string;
  readonly subscriptions: readonly PushSubscription[];
  readonly pubsubAgent: pulumi.Input<string>;
}

/** Every topic with a function subscribed to it, and the dead-letter topics. */
export class Topics extends pulumi.ComponentResource {
  /** Names of the subscriptions that keep dead letters which no function handles. */
  readonly deadLetterSubscriptions: readonly string[];
  readonly #topics = new Map<string, gcp.pubsub.Topic>();

  constructor(args: TopicsArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Topics', 'topics', {}, options);
    const subscribed = new Set(args.subscriptions.map(({ topic }) => topic));
    const deadLetters = new Set(args.subscriptions.flatMap((it) => it.deadLetters?.topic ?? []));
    for (const name of new Set([...subscribed, ...deadLetters])) this.#declare(name, args);
    for (const name of deadLetters) this.#allowForwarding(name, args);
    this.deadLetterSubscriptions = [...deadLetters]
      .filter((name) => !subscribed.has(name))
      .map((name) => this.#keep(name, args));
    this.registerOutputs({});
  }

  /** @throws Error when there is no topic of this name. */
  named(name: string): gcp.pubsub.Topic {
    const topic = this.#topics.get(name);
    if (topic === undefined)
      throw new Error(`No function in functions.yaml subscribes to the topic ${name}.`);
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

  /** Pub/Sub forwards as its own service agent (https://docs.cloud.google.com/pubsub/docs/dead-letter-topics). */
  #allowForwarding(name: string, { project, pubsubAgent }: TopicsArgs): void {
    new gcp.pubsub.TopicIAMMember(
      `${name}-forwarding`,
      { project, topic: this.named(name).name, role: 'roles/pubsub.publisher', member: pubsubAgent },
      { parent: this },
    );
  }

  /** A topic without a subscription drops its messages at once. */
  #keep(topic: string, { project }: TopicsArgs): string {
    const name = `${topic}-kept`;
    new gcp.pubsub.Subscription(
      name,
      {
        project,
        name,
        topic: this.named(topic).id,
        messageRetentionDuration: `${delivery.retentionSeconds}s`,
        expirationPolicy: { ttl: '' },
        retryPolicy: retryPolicy(delivery),
      },
      { parent: this },
    );
    return name;
  }
}

type Backoff = Pick<PushSubscription, 'minimumBackoffSeconds' | 'maximumBackoffSeconds'>;

/** How long Pub/Sub waits before it delivers a message again. */
export function retryPolicy({ minimumBackoffSeconds, maximumBackoffSeconds }: Backoff) {
  return { minimumBackoff: `${minimumBackoffSeconds}s`, maximumBackoff: `${maximumBackoffSeconds}s` };
}
