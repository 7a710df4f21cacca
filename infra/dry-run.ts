/** Runs the program without a cloud and records the resources that it declares: for tests and for generated tables. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { parse } from 'yaml';
import { z } from 'zod';
import { provision } from './index.ts';
import type { Outputs } from './outputs.ts';

export type StackName = 'dev' | 'prod';

/** A resource as the program declares it. */
export interface DeclaredResource {
  /** Such as `gcp:pubsub/topic:Topic`. */
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface DryRun {
  readonly resources: readonly DeclaredResource[];
  readonly outputs: Outputs;
}

const PROJECT_NUMBER = '123456789012';

/** The example stacks contain no secrets. These placeholders protect nothing. */
export function placeholderSecrets(): Record<string, string> {
  const key = 'placeholder-for-the-dry-run-of-a-stack';
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    'farmacy:hashKey': key,
    'farmacy:tokenKeys': key,
    'farmacy:sendgridApiKey': 'SG.placeholder',
    'farmacy:vendorKeys': `acme:${key}`,
    'farmacy:webhookPublicKey': publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
}

/** The configuration in the example file of a stack. */
export function stackConfiguration(stack: StackName): Record<string, string> {
  const text = readFileSync(path.join(import.meta.dirname, `Pulumi.${stack}.yaml`), 'utf8');
  return z.object({ config: z.record(z.string(), z.string()) }).parse(parse(text)).config;
}

/** @param changes to the configuration of the stack; undefined removes a key. */
export async function dryRun(
  stack: StackName,
  changes: Readonly<Record<string, string | undefined>> = {},
): Promise<DryRun> {
  const resources: DeclaredResource[] = [];
  const mocks: pulumi.runtime.Mocks = {
    newResource({ type, name, inputs }) {
      const declared = { type, name, inputs: inputs as Record<string, unknown> };
      resources.push(declared);
      return { id: idOf(declared), state: { ...declared.inputs, ...outputsOfResource(declared) } };
    },
    call: ({ inputs }) => ({ ...(inputs as Record<string, unknown>), number: PROJECT_NUMBER }),
  };
  await pulumi.runtime.setMocks(mocks, 'farmacy', stack, false);
  const secrets = placeholderSecrets();
  const configuration = Object.entries({ ...stackConfiguration(stack), ...secrets, ...changes });
  pulumi.runtime.setAllConfig(
    Object.fromEntries(configuration.filter((entry): entry is [string, string] => entry[1] !== undefined)),
    Object.keys(secrets),
  );
  const outcome = await provisionInStack();
  await pulumi.runtime.disconnect();
  if ('error' in outcome) throw outcome.error;
  return { resources, outputs: outcome.outputs };
}

/** Fails outside the stack: of a program that fails inside, Pulumi keeps a rejected promise that nothing handles. */
async function provisionInStack(): Promise<{ outputs: Outputs } | { error: unknown }> {
  let error: unknown;
  const outputs: unknown = await pulumi.runtime.runInPulumiStack(() =>
    provision().catch((thrown: unknown) => {
      error = thrown;
    }),
  );
  return error === undefined ? { outputs: outputs as Outputs } : { error };
}

/** IDs in the format of the provider, for those that another resource refers to. */
function idOf({ type, name, inputs }: DeclaredResource): string {
  const { project = '', location = '', name: given = name } = inputs as Record<string, string>;
  switch (type) {
    case 'gcp:pubsub/topic:Topic':
      return `projects/${project}/topics/${given}`;
    case 'gcp:artifactregistry/repository:Repository':
      return `projects/${project}/locations/${location}/repositories/${String(inputs['repositoryId'])}`;
    default:
      return `${name}-id`;
  }
}

/** The outputs that the cloud would add. */
function outputsOfResource({ type, inputs }: DeclaredResource): Record<string, unknown> {
  const { project, accountId, service, name, repositoryId } = inputs as Record<string, string>;
  switch (type) {
    case 'gcp:serviceaccount/account:Account': {
      const email = `${accountId ?? ''}@${project ?? ''}.iam.gserviceaccount.com`;
      return {
        email,
        member: `serviceAccount:${email}`,
        name: `projects/${project ?? ''}/serviceAccounts/${email}`,
      };
    }
    case 'gcp:projects/serviceIdentity:ServiceIdentity': {
      const agent = (service ?? '').replace('.googleapis.com', '');
      return { member: `serviceAccount:service-${PROJECT_NUMBER}@gcp-sa-${agent}.iam.gserviceaccount.com` };
    }
    case 'gcp:secretmanager/secretVersion:SecretVersion':
      return { version: '1' };
    case 'gcp:artifactregistry/repository:Repository':
      return { name: repositoryId };
    case 'gcp:cloudfunctionsv2/function:Function': {
      const uri = `https://${name ?? ''}-abcdef-ew.a.run.app`;
      return { serviceConfig: { ...(inputs['serviceConfig'] as object), uri } };
    }
    default:
      return {};
  }
}
