/** Writes the table of IAM grants into docs/architecture.md, from a dry run of the program: `npm run iam-table`. */
import { markdownTable } from '../functions/markdown-table.ts';
import { readCommandLine, runCommand } from '../operations/terminal/command-line.ts';
import { updateArchitecture, withTable } from './document-tables.ts';
import { dryRun, type DeclaredResource } from './dry-run.ts';

/** @returns the text of docs/architecture.md with the current table. */
export async function withIamTable(text: string): Promise<string> {
  const { resources } = await dryRun('prod');
  return withTable(text, 'iam', table(resources));
}

function table(resources: readonly DeclaredResource[]): string {
  const grants = resources
    .filter(({ inputs }) => 'role' in inputs && 'member' in inputs)
    .map((grant) => [memberOf(grant), `\`${String(grant.inputs['role'])}\``, resourceOf(grant)]);
  const rows = [...new Set(grants.map((row) => row.join('|')))].toSorted().map((row) => row.split('|'));
  return markdownTable(['Member', 'Role', 'Resource'], rows);
}

function memberOf({ inputs }: DeclaredResource): string {
  const member = String(inputs['member']).replace('serviceAccount:', '');
  if (member === 'allUsers') return 'everyone';
  const agent = /@gcp-sa-(\w+)\./u.exec(member)?.[1];
  return agent === undefined ? `\`${member.split('@')[0] ?? ''}\`` : `service agent of ${agent}`;
}

/** The resource that a role is granted on. */
function resourceOf({ type, inputs }: DeclaredResource): string {
  const named = (key: string) => `\`${String(inputs[key]).split('/').at(-1) ?? ''}\``;
  switch (type) {
    case 'gcp:projects/iAMMember:IAMMember':
      return 'condition' in inputs
        ? `project, only ${(inputs['condition'] as { title: string }).title}`
        : 'project';
    case 'gcp:secretmanager/secretIamMember:SecretIamMember':
      return `secret ${named('secretId')}`;
    case 'gcp:pubsub/topicIAMMember:TopicIAMMember':
      return `topic ${named('topic')}`;
    case 'gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember':
      return `subscription ${named('subscription')}`;
    case 'gcp:cloudrunv2/serviceIamMember:ServiceIamMember':
      return `function ${named('name')}`;
    case 'gcp:serviceaccount/iAMMember:IAMMember':
      return `service account ${named('serviceAccountId').replace(/@.*/u, '`')}`;
    case 'gcp:artifactregistry/repositoryIamMember:RepositoryIamMember':
      return `image repository ${named('repository')}`;
    case 'gcp:storage/bucketIAMMember:BucketIAMMember':
      return 'source bucket';
    default:
      throw new Error(`infra/iam-table.ts cannot name the resource of ${type}: add a case.`);
  }
}

const help = `npm run iam-table

Writes the table of permissions into docs/architecture.md, from a dry run of the Pulumi program for the stack prod. Run it
after changing who may do what in infra/.`;

if (import.meta.main) {
  readCommandLine({ help, options: {} });
  await runCommand(() => updateArchitecture(withIamTable));
}
