import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { deadLetterTopicOf, delivery } from '../../functions/subscriptions.ts';
import { cloudName } from '../names.ts';
import { CloudFunction, type CloudFunctionArgs } from './cloud-function.ts';
import { retryPolicy } from './topics.ts';

export interface TopicFunctionArgs extends CloudFunctionArgs {
  readonly topic: string;
  readonly pubsubAgent: pulumi.Input<string>;
}

/**
 * A function behind a push subscription of our own: the one that Eventarc would manage can have no dead letters. The
 * subscription calls under the function's own account, which may call nothing else.
 */
export class TopicFunction extends pulumi.ComponentResource {
  constructor(args: TopicFunctionArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:TopicFunction', cloudName(args.definition.name), {}, options);
    const deployed = new CloudFunction(args, { parent: this });
    deployed.admit('push', deployed.account.member);
    this.#letSign(deployed, args);
    const subscription = this.#subscribe(deployed, args);
    if (deadLetterTopicOf(args.topic) !== undefined) this.#letForward(subscription, args);
    this.registerOutputs({});
  }

  /**
   * Pub/Sub proves who calls by a token of that account
   * (https://docs.cloud.google.com/pubsub/docs/authenticate-push-subscriptions), for which it needs no more than this
   * role (https://docs.cloud.google.com/iam/docs/service-account-permissions).
   */
  #letSign({ account }: CloudFunction, { definition, pubsubAgent: member }: TopicFunctionArgs): void {
    new gcp.serviceaccount.IAMMember(
      `${cloudName(definition.name)}-token`,
      { serviceAccountId: account.name, role: 'roles/iam.serviceAccountOpenIdTokenCreator', member },
      { parent: this },
    );
  }

  #subscribe(deployed: CloudFunction, { project, definition, topic, topics }: TopicFunctionArgs) {
    const name = cloudName(definition.name);
    const deadLetters = deadLetterTopicOf(topic);
    return new gcp.pubsub.Subscription(
      name,
      {
        project,
        name,
        topic: topics.named(topic).id,
        // Whoever has not answered in time is asked again: not before the function itself has given up. 10 s to 600 s
        // (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/pubsub_subscription).
        ackDeadlineSeconds: Math.max(10, definition.timeoutSeconds),
        messageRetentionDuration: `${delivery.retentionSeconds}s`,
        // Never: without this it would be deleted after 31 days without a message.
        expirationPolicy: { ttl: '' },
        retryPolicy: retryPolicy(),
        pushConfig: {
          // functions-framework reads the topic from the path. Pub/Sub of the same project counts as internal traffic at
          // the run.app address, and at no other (https://docs.cloud.google.com/run/docs/securing/ingress).
          pushEndpoint: pulumi.interpolate`${deployed.uri}/projects/${project}/topics/${topic}`,
          oidcToken: { serviceAccountEmail: deployed.account.email, audience: deployed.uri },
        },
        ...(deadLetters !== undefined && {
          deadLetterPolicy: {
            deadLetterTopic: topics.named(deadLetters).id,
            maxDeliveryAttempts: delivery.maxDeliveryAttempts,
          },
        }),
      },
      { parent: this },
    );
  }

  /** To forward a message, Pub/Sub acknowledges it (https://docs.cloud.google.com/pubsub/docs/dead-letter-topics). */
  #letForward(
    subscription: gcp.pubsub.Subscription,
    { project, definition, pubsubAgent }: TopicFunctionArgs,
  ) {
    new gcp.pubsub.SubscriptionIAMMember(
      `${cloudName(definition.name)}-forwarding`,
      { project, subscription: subscription.name, role: 'roles/pubsub.subscriber', member: pubsubAgent },
      { parent: this },
    );
  }
}
