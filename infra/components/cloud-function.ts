import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { DeployedFunction } from '../../functions/manifest.ts';
import type { Access } from '../access.ts';
import { cloudName } from '../names.ts';
import type { StoredSecret } from './secrets.ts';
import type { Source } from './source.ts';
import type { Topics } from './topics.ts';

export interface CloudFunctionArgs {
  readonly project: string;
  readonly definition: DeployedFunction;
  readonly source: Source;
  /** Variables that are no secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** By the variable under which the function reads each. */
  readonly secrets: Readonly<Record<string, StoredSecret>>;
  readonly access: Access;
  readonly topics: Topics;
}

export type EventTrigger = NonNullable<gcp.cloudfunctionsv2.FunctionArgs['eventTrigger']>;

/** One function as the manifest describes it, under an account of its own that may do what it needs and no more. */
export class CloudFunction extends pulumi.ComponentResource {
  readonly account: gcp.serviceaccount.Account;
  readonly function: gcp.cloudfunctionsv2.Function;
  /** Where Cloud Run serves it. */
  readonly uri: pulumi.Output<string>;
  readonly #args: CloudFunctionArgs;
  readonly #name: string;

  /** @param trigger makes the trigger that Eventarc manages, if it has one, and what must be there before it. */
  constructor(
    args: CloudFunctionArgs,
    options: pulumi.ComponentResourceOptions,
    trigger?: (of: CloudFunction) => { eventTrigger: EventTrigger; needs: pulumi.Resource[] },
  ) {
    const name = cloudName(args.definition.name);
    super('farmacy:infra:CloudFunction', name, {}, options);
    this.#args = args;
    this.#name = name;
    this.account = new gcp.serviceaccount.Account(
      name,
      { project: args.project, accountId: name, displayName: `Runs ${args.definition.name}` },
      { parent: this },
    );
    const triggered = trigger?.(this);
    const needs = [...this.#grant(), ...(triggered?.needs ?? []), ...args.source.grants];
    this.function = this.#deploy(needs, triggered?.eventTrigger);
    this.uri = this.function.serviceConfig.apply((service) => service?.uri ?? '');
    this.registerOutputs({ uri: this.uri });
  }

  /** Lets somebody call this function and no other. The service behind a function has its name. */
  admit(who: string, member: pulumi.Input<string>): void {
    const { project, definition } = this.#args;
    new gcp.cloudrunv2.ServiceIamMember(
      `${this.#name}-${who}`,
      {
        project,
        location: definition.region[0],
        name: this.function.name,
        role: 'roles/run.invoker',
        member,
      },
      { parent: this },
    );
  }

  #grant(): pulumi.Resource[] {
    const { project, secrets, access, topics } = this.#args;
    const { member } = this.account;
    const here = { parent: this };
    return [
      ...Object.entries(secrets).map(
        ([variable, { secret }]) =>
          new gcp.secretmanager.SecretIamMember(
            `${this.#name}-${cloudName(variable)}`,
            { project, secretId: secret.secretId, role: 'roles/secretmanager.secretAccessor', member },
            here,
          ),
      ),
      ...access.publishesTo.map(
        (topic) =>
          new gcp.pubsub.TopicIAMMember(
            `${this.#name}-${topic}`,
            { project, topic: topics.named(topic).name, role: 'roles/pubsub.publisher', member },
            here,
          ),
      ),
      // Firestore has no roles below those of the project
      // (https://docs.cloud.google.com/iam/docs/roles-permissions/firestore).
      ...(access.firestore
        ? [
            new gcp.projects.IAMMember(
              `${this.#name}-firestore`,
              { project, role: 'roles/datastore.user', member },
              here,
            ),
          ]
        : []),
    ];
  }

  #deploy(dependsOn: pulumi.Resource[], eventTrigger: EventTrigger | undefined) {
    const { project, definition, source } = this.#args;
    return new gcp.cloudfunctionsv2.Function(
      this.#name,
      {
        project,
        name: this.#name,
        location: definition.region[0],
        buildConfig: {
          runtime: 'nodejs24',
          entryPoint: definition.entryPoint,
          source: { storageSource: { bucket: source.bucket.name, object: source.archive.name } },
          serviceAccount: source.builder.name,
          dockerRepository: source.images.id,
        },
        serviceConfig: this.#service(),
        ...(eventTrigger && { eventTrigger }),
      },
      { parent: this, dependsOn },
    );
  }

  #service() {
    const { project, definition, environment, secrets } = this.#args;
    return {
      serviceAccountEmail: this.account.email,
      // Quantities as Kubernetes writes them: Mi, not M; the cpu is a string
      // (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/cloudfunctions2_function).
      availableMemory: `${definition.availableMemoryMb}Mi`,
      availableCpu: String(definition.cpu),
      maxInstanceRequestConcurrency: definition.concurrency,
      minInstanceCount: definition.minInstances,
      maxInstanceCount: definition.maxInstances,
      timeoutSeconds: definition.timeoutSeconds,
      ingressSettings: definition.ingressSettings,
      allTrafficOnLatestRevision: true,
      // Cloud Run does not set the project by itself
      // (https://docs.cloud.google.com/run/docs/configuring/services/overview-environment-variables).
      environmentVariables: {
        GOOGLE_CLOUD_PROJECT: project,
        ...definition.environmentVariables,
        ...environment,
      },
      // By number: another value is a new revision. A revision from before can start no more, for its version is gone.
      secretEnvironmentVariables: Object.entries(secrets).map(([key, { secret, version }]) => ({
        key,
        projectId: project,
        secret: secret.secretId,
        version: version.version,
      })),
    };
  }
}
