import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { cloudName } from '../../functions/names.ts';

export interface SecretsArgs {
  readonly project: string;
  readonly region: string;
  /** By the name of the environment variable. */
  readonly values: Readonly<Record<string, pulumi.Output<string>>>;
}

/** A secret that functions read from an environment variable. */
export interface StoredSecret {
  readonly secret: gcp.secretmanager.Secret;
  readonly version: gcp.secretmanager.SecretVersion;
}

/** Stores the stack's encrypted configuration in Secret Manager. A changed value becomes a new version. */
export class Secrets extends pulumi.ComponentResource {
  readonly #stored = new Map<string, StoredSecret>();

  constructor({ project, region, values }: SecretsArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Secrets', 'secrets', {}, options);
    for (const [variable, value] of Object.entries(values)) {
      const secretId = cloudName(variable);
      const secret = new gcp.secretmanager.Secret(
        secretId,
        { project, secretId, replication: { userManaged: { replicas: [{ location: region }] } } },
        { parent: this },
      );
      const version = new gcp.secretmanager.SecretVersion(
        secretId,
        { secret: secret.id, secretData: pulumi.secret(value) },
        { parent: this },
      );
      this.#stored.set(variable, { secret, version });
    }
    this.registerOutputs({});
  }

  /** @throws Error when there is no such secret. */
  named(variable: string): StoredSecret {
    const stored = this.#stored.get(variable);
    if (stored === undefined) throw new Error(`${variable} is not a secret of the functions.`);
    return stored;
  }
}
