/** Writes into docs/architecture.md who may do what in the cloud, as the program grants it: `npm run iam-table`. */
import { markdownTable, updateArchitecture, withTable } from './document-tables.ts';
import { rehearse, type DeclaredResource } from './rehearsal.ts';

/** @returns the text of docs/architecture.md with the table as the program grants it now. */
export async function withIamTable(text: string): Promise<string> {
  const { resources } = await rehearse('prod');
  return withTable(text, 'iam', table(resources));
}

function table(resources: readonly DeclaredResource[]): string {
  const grants = resources
    .filter(({ inputs }) => 'role' in inputs && 'member' in inputs)
    .map((grant) => [whoOf(grant), `\`${String(grant.inputs['role'])}\``, whatOf(grant)]);
  const rows = [...new Set(grants.map((row) => row.join('|')))].toSorted().map((row) => row.split('|'));
  return markdownTable(['Who', 'May', 'On'], rows);
}

function whoOf({ inputs }: DeclaredResource): string {
  const member = String(inputs['member']).replace('serviceAccount:', '');
  if (member === 'allUsers') return 'everybody';
  const agent = /@gcp-sa-(\w+)\./u.exec(member)?.[1];
  return agent === undefined ? `\`${member.split('@')[0] ?? ''}\`` : `Google's agent for ${agent}`;
}

/** What a role is granted on: the narrowest thing it can be. */
function whatOf({ type, inputs }: DeclaredResource): string {
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
      return `account ${named('serviceAccountId').replace(/@.*/u, '`')}`;
    case 'gcp:artifactregistry/repositoryIamMember:RepositoryIamMember':
      return `images ${named('repository')}`;
    case 'gcp:storage/bucketIAMMember:BucketIAMMember':
      return 'bucket of the source';
    default:
      throw new Error(`The table has no words for ${type}.`);
  }
}

if (import.meta.main) await updateArchitecture(withIamTable);
