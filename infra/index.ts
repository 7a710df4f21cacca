/** The Pulumi program: everything in the cloud, in the order of its dependencies. */
import type * as pulumi from '@pulumi/pulumi';
import { documentOf, readManifest, type DeployedFunction } from '../functions/manifest.ts';
import { functionUrl } from '../functions/names.ts';
import { pushSubscriptions, schedules, type PushSubscription } from '../functions/subscriptions.ts';
import { deployedFiles } from './archive/deployed-files.ts';
import { Budget } from './components/budget.ts';
import type { CloudFunctionArgs } from './components/cloud-function.ts';
import { Database } from './components/database.ts';
import { DocumentFunction } from './components/document-function.ts';
import { HttpFunction } from './components/http-function.ts';
import { Monitoring } from './components/monitoring.ts';
import { Schedules } from './components/schedules.ts';
import { Secrets } from './components/secrets.ts';
import { Services } from './components/services.ts';
import { Source } from './components/source.ts';
import { TopicFunction } from './components/topic-function.ts';
import { Topics } from './components/topics.ts';
import { readFirestoreIndexes, readFirestoreRules } from './firestore-indexes.ts';
import { outputsOf, type Outputs } from './outputs.ts';
import { readSettings } from './settings.ts';

/**
 * Declares every resource of a stack.
 * @throws Error when the configuration of the stack has faults, before any resource is declared.
 */
export async function provision(): Promise<Outputs> {
  const { apis, functions, region } = readManifest();
  const settings = readSettings(functions, (project) => ({
    UNSUBSCRIBE_URL: functionUrl(project, region, 'unsubscribe'),
  }));
  const { project } = settings;
  const files = await deployedFiles();
  const subscriptions = pushSubscriptions(functions);

  const services = new Services({ project, apis });
  const enabled = { dependsOn: services };
  const { pubsubAgent } = services;
  const database = new Database(
    {
      project,
      location: region,
      protect: settings.protectData,
      indexes: readFirestoreIndexes(),
      rules: readFirestoreRules(),
    },
    enabled,
  );
  const topics = new Topics({ project, region, subscriptions, pubsubAgent }, enabled);
  const secrets = new Secrets({ project, region, values: settings.secrets }, enabled);
  const source = new Source({ project, region, files }, enabled);
  new Schedules({ project, region, schedules, topics }, enabled);

  const argsOf = (definition: DeployedFunction): CloudFunctionArgs => ({
    project,
    definition,
    source,
    environment: settings.environmentOf(definition.name),
    secrets: Object.fromEntries(settings.secretsOf(definition.name).map((it) => [it, secrets.named(it)])),
    topics,
  });
  const deployed = deploy(functions.map(argsOf), { subscriptions, database, pubsubAgent }, enabled);
  if (settings.monitoring) {
    const monitored = {
      subscriptions: subscriptions.map(({ name }) => name),
      deadLetterSubscriptions: topics.deadLetterSubscriptions,
      webhook: settings.environmentOf('resumeEmails')['DELIVERY_WEBHOOK'] === 'true',
    };
    new Monitoring({ project, email: settings.alertEmail, monitored, functions: deployed }, enabled);
  }
  const { billingAccount, monthlyBudget: amount } = settings;
  if (billingAccount !== undefined) new Budget({ project, billingAccount, amount }, enabled);
  return outputsOf(settings, functions);
}

interface Triggers {
  readonly subscriptions: readonly PushSubscription[];
  readonly database: Database;
  readonly pubsubAgent: pulumi.Input<string>;
}

/** Deploys each function with its trigger. Functions that Firestore triggers come last: DocumentFunction says why. */
function deploy(
  all: readonly CloudFunctionArgs[],
  { subscriptions, database, pubsubAgent }: Triggers,
  options: pulumi.ComponentResourceOptions,
): pulumi.Resource[] {
  const deployed: pulumi.Resource[] = [];
  const isLast = ({ definition }: CloudFunctionArgs) => Number(documentOf(definition) !== undefined);
  for (const args of all.toSorted((a, b) => isLast(a) - isLast(b))) {
    const subscription = subscriptions.find(({ functionName }) => functionName === args.definition.name);
    const document = documentOf(args.definition);
    if (subscription) deployed.push(new TopicFunction({ ...args, subscription, pubsubAgent }, options));
    else if (document === undefined) deployed.push(new HttpFunction(args, options));
    else deployed.push(new DocumentFunction({ ...args, document, database, after: [...deployed] }, options));
  }
  return deployed;
}
