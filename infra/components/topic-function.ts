import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { pushPath, type PushSubscription } from '../../functions/subscriptions.ts';
import { CloudFunction, type CloudFunctionArgs } from './cloud-function.ts';
import { retryPolicy } from './topics.ts';

export interface TopicFunctionArgs extends CloudFunctionArgs {
  readonly subscription: PushSubscription;
  readonly pubsubAgent: pulumi.Input<string>;
}

/**
 * A function behind a push subscription that this program declares, because a subscription that Eventarc manages cannot
 * have a dead-letter topic. The subscription calls the function as the function's own service account, which may call
 * nothing else.
 */
export class TopicFunction extends pulumi.ComponentResource {
  constructor(args: TopicFunctionArgs, options?: pulumi.ComponentResourceOptions) {
    const { name, deadLetters } = args.subscription;
    super('farmacy:infra:TopicFunction', name, {}, options);
    const deployed = new CloudFunction(args, { parent: this });
    deployed.grantInvoker('push', deployed.account.member);
    this.#allowTokens(deployed, args);
    const subscription = this.#subscribe(deployed, args);
    if (deadLetters !== undefined) this.#allowForwarding(subscription, args);
    this.registerOutputs({});
  }

  /**
   * Pub/Sub authenticates with a token of that service account
   * (https://docs.cloud.google.com/pubsub/docs/authenticate-push-subscriptions). This role is enough to create one
   * (https://docs.cloud.google.com/iam/docs/service-account-permissions).
   */
  #allowTokens({ account }: CloudFunction, { subscription, pubsubAgent: member }: TopicFunctionArgs): void {
    new gcp.serviceaccount.IAMMember(
      `${subscription.name}-token`,
      { serviceAccountId: account.name, role: 'roles/iam.serviceAccountOpenIdTokenCreator', member },
      { parent: this },
    );
  }

  #subscribe({ account, uri }: CloudFunction, { project, subscription, topics }: TopicFunctionArgs) {
    const { name, topic, ackDeadlineSeconds, retentionSeconds, deadLetters } = subscription;
    return new gcp.pubsub.Subscription(
      name,
      {
        project,
        name,
        topic: topics.named(topic).id,
        ackDeadlineSeconds,
        messageRetentionDuration: `${retentionSeconds}s`,
        // Never: by default a subscription is deleted after 31 days without activity.
        expirationPolicy: { ttl: '' },
        retryPolicy: retryPolicy(subscription),
        pushConfig: {
          // At the run.app address, and only there, Pub/Sub of the same project counts as internal traffic
          // (https://docs.cloud.google.com/run/docs/securing/ingress).
          pushEndpoint: pulumi.interpolate`${uri}${pushPath(project, topic)}`,
          oidcToken: { serviceAccountEmail: account.email, audience: uri },
        },
        ...(deadLetters && {
          deadLetterPolicy: {
            deadLetterTopic: topics.named(deadLetters.topic).id,
            maxDeliveryAttempts: deadLetters.maxDeliveryAttempts,
          },
        }),
      },
      { parent: this },
    );
  }

  /** Pub/Sub acknowledges a message that it forwards (https://docs.cloud.google.com/pubsub/docs/dead-letter-topics). */
  #allowForwarding(subscription: gcp.pubsub.Subscription, { project, ...args }: TopicFunctionArgs): void {
    new gcp.pubsub.SubscriptionIAMMember(
      `${args.subscription.name}-forwarding`,
      {
        project,
        subscription: subscription.name,
        role: 'roles/pubsub.subscriber',
        member: args.pubsubAgent,
      },
      { parent: this },
    );
  }
}
