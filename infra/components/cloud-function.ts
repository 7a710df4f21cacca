import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { DeployedFunction } from '../../functions/manifest.ts';
import { cloudName } from '../../functions/names.ts';
import type { StoredSecret } from './secrets.ts';
import type { Source } from './source.ts';
import type { Topics } from './topics.ts';

export interface CloudFunctionArgs {
  readonly project: string;
  readonly definition: DeployedFunction;
  readonly source: Source;
  /** Environment variables that are not secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** By the name of the environment variable that holds each. */
  readonly secrets: Readonly<Record<string, StoredSecret>>;
  readonly topics: Topics;
}

/** The topics that a function publishes to. Such a function gets no access to Firestore; all others do. */
const publishers: Readonly<Record<string, readonly string[]>> = { ingestTransactions: ['transactions'] };

export type EventTrigger = NonNullable<gcp.cloudfunctionsv2.FunctionArgs['eventTrigger']>;

/** One function as the manifest describes it, with a service account of its own that has only the roles it needs. */
export class CloudFunction extends pulumi.ComponentResource {
  readonly account: gcp.serviceaccount.Account;
  readonly function: gcp.cloudfunctionsv2.Function;
  /** Its address at Cloud Run. */
  readonly uri: pulumi.Output<string>;
  readonly #args: CloudFunctionArgs;
  readonly #name: string;

  /** @param trigger returns the Eventarc trigger of a function that has one, and what must exist before it. */
  constructor(
    args: CloudFunctionArgs,
    options: pulumi.ComponentResourceOptions,
    trigger?: (of: CloudFunction) => { eventTrigger: EventTrigger; dependsOn: pulumi.Resource[] },
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
    const dependsOn = [...this.#grantRoles(), ...(triggered?.dependsOn ?? []), ...args.source.grants];
    this.function = this.#deploy(dependsOn, triggered?.eventTrigger);
    this.uri = this.function.serviceConfig.apply((service) => service?.uri ?? '');
    this.registerOutputs({ uri: this.uri });
  }

  /** Lets a member call this function only. The Cloud Run service behind a function has the same name. */
  grantInvoker(who: string, member: pulumi.Input<string>): void {
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

  #grantRoles(): pulumi.Resource[] {
    const publishesTo = publishers[this.#args.definition.name];
    const data = publishesTo?.map((topic) => this.#grantPublishing(topic)) ?? [this.#grantFirestore()];
    return [...this.#grantSecrets(), ...data];
  }

  #grantSecrets(): pulumi.Resource[] {
    const { project, secrets } = this.#args;
    const role = 'roles/secretmanager.secretAccessor';
    return Object.entries(secrets).map(
      ([variable, { secret }]) =>
        new gcp.secretmanager.SecretIamMember(
          `${this.#name}-${cloudName(variable)}`,
          { project, secretId: secret.secretId, role, member: this.account.member },
          { parent: this },
        ),
    );
  }

  #grantPublishing(topic: string): pulumi.Resource {
    const { project, topics } = this.#args;
    return new gcp.pubsub.TopicIAMMember(
      `${this.#name}-${topic}`,
      {
        project,
        topic: topics.named(topic).name,
        role: 'roles/pubsub.publisher',
        member: this.account.member,
      },
      { parent: this },
    );
  }

  /** For the project: Firestore has no narrower roles (https://docs.cloud.google.com/iam/docs/roles-permissions/firestore). */
  #grantFirestore(): pulumi.Resource {
    return new gcp.projects.IAMMember(
      `${this.#name}-firestore`,
      { project: this.#args.project, role: 'roles/datastore.user', member: this.account.member },
      { parent: this },
    );
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
      // Kubernetes units (Mi, not M), and the cpu as a string
      // (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/cloudfunctions2_function).
      availableMemory: `${definition.availableMemoryMb}Mi`,
      availableCpu: String(definition.cpu),
      maxInstanceRequestConcurrency: definition.concurrency,
      minInstanceCount: definition.minInstances,
      maxInstanceCount: definition.maxInstances,
      timeoutSeconds: definition.timeoutSeconds,
      ingressSettings: definition.ingressSettings,
      allTrafficOnLatestRevision: true,
      // Cloud Run does not set the project
      // (https://docs.cloud.google.com/run/docs/configuring/services/overview-environment-variables).
      environmentVariables: {
        GOOGLE_CLOUD_PROJECT: project,
        ...definition.environmentVariables,
        ...environment,
      },
      // A version by its number, so that a changed secret makes a new revision. Revisions with the deleted version can no
      // longer start.
      secretEnvironmentVariables: Object.entries(secrets).map(([key, { secret, version }]) => ({
        key,
        projectId: project,
        secret: secret.secretId,
        version: version.version,
      })),
    };
  }
}
