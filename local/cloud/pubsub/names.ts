/** Names of topics and subscriptions (https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names). */
import { invalid } from '../grpc-error.ts';

const NAME =
  /^projects\/(?<project>[^/]+)\/(?<kind>topics|subscriptions)\/(?<id>(?!goog)[A-Za-z][\w.~+%-]{2,254})$/u;

type Kind = 'topics' | 'subscriptions';

/** @throws GrpcError when it is not a full name of that kind, such as `projects/my-project/topics/my-topic`. */
export function checkName(kind: Kind, name: string): void {
  if (NAME.exec(name)?.groups?.['kind'] !== kind) throw invalid(`Invalid [${kind}] name: (name=${name})`);
}

/** The project and the last part of a checked name. */
export function partsOf(name: string): { project: string; id: string } {
  const [, project = '', , id = ''] = name.split('/');
  return { project, id };
}
