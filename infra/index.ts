/** Contents: everything the system is made of in the cloud, in the order in which one part needs another. */
import type * as pulumi from '@pulumi/pulumi';
import { documentOf, readManifest, topicOf, type DeployedFunction } from '../functions/manifest.ts';
import { schedules } from '../functions/subscriptions.ts';
import { accessOf } from './access.ts';
import { deployedFiles } from './archive/deployed-files.ts';
import { Budget } from './components/budget.ts';
import type { CloudFunctionArgs } from './components/cloud-function.ts';
import { Database } from './components/database.ts';
import { DocumentFunction } from './components/document-function.ts';
import { HttpFunction } from './components/http-function.ts';
import { Schedules } from './components/schedules.ts';
import { Secrets } from './components/secrets.ts';
import { Services } from './components/services.ts';
import { Source } from './components/source.ts';
import { TopicFunction } from './components/topic-function.ts';
import { Topics } from './components/topics.ts';
import { Watching } from './components/watching.ts';
import { readFirestoreIndexes, readFirestoreRules } from './firestore-indexes.ts';
import { cloudName, functionUrl } from './names.ts';
import { outputsOf, type Outputs } from './outputs.ts';
import { readSettings } from './settings.ts';

/** Declares every resource of a stack. @throws Error, before declaring any, when the stack's configuration has faults. */
export async function provision(): Promise<Outputs> {
  const { apis, functions, region } = readManifest();
  const settings = readSettings(functions, (project) => ({
    UNSUBSCRIBE_URL: functionUrl(project, region, 'unsubscribe'),
  }));
  const { project } = settings;
  const files = await deployedFiles();

  const services = new Services({ project, apis });
  const enabled = { dependsOn: services };
  const { pubsubAgent } = services;
  const subscribed = functions.map(topicOf).filter((topic) => topic !== undefined);

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
  const topics = new Topics({ project, region, subscribed, pubsubAgent }, enabled);
  const secrets = new Secrets({ project, region, values: settings.secrets }, enabled);
  const source = new Source({ project, region, files }, enabled);
  new Schedules({ project, region, schedules, topics }, enabled);

  const argsOf = (definition: DeployedFunction): CloudFunctionArgs => ({
    project,
    definition,
    source,
    environment: settings.environmentOf(definition.name),
    secrets: Object.fromEntries(settings.secretsOf(definition.name).map((it) => [it, secrets.named(it)])),
    access: accessOf(definition),
    topics,
  });
  const deployed = deploy(functions.map(argsOf), { database, pubsubAgent }, enabled);
  if (settings.watch) {
    const watched = {
      subscriptions: functions.filter((it) => topicOf(it) !== undefined).map(({ name }) => cloudName(name)),
      deadLetters: topics.keptDeadLetters,
      webhook: settings.environmentOf('resumeEmails')['DELIVERY_WEBHOOK'] === 'true',
    };
    new Watching({ project, email: settings.alertEmail, watched, functions: deployed }, enabled);
  }
  const { billingAccount, monthlyBudget: amount } = settings;
  if (billingAccount !== undefined) new Budget({ project, billingAccount, amount }, enabled);
  return outputsOf(settings, functions);
}

interface Triggers {
  readonly database: Database;
  readonly pubsubAgent: pulumi.Input<string>;
}

/** Each function with the trigger that the manifest gives it, those that documents trigger last. */
function deploy(
  all: readonly CloudFunctionArgs[],
  { database, pubsubAgent }: Triggers,
  options: pulumi.ComponentResourceOptions,
): pulumi.Resource[] {
  const deployed: pulumi.Resource[] = [];
  const isLast = ({ definition }: CloudFunctionArgs) => Number(documentOf(definition) !== undefined);
  for (const args of all.toSorted((a, b) => isLast(a) - isLast(b))) {
    const topic = topicOf(args.definition);
    const document = documentOf(args.definition);
    if (topic !== undefined) deployed.push(new TopicFunction({ ...args, topic, pubsubAgent }, options));
    else if (document === undefined) deployed.push(new HttpFunction(args, options));
    else deployed.push(new DocumentFunction({ ...args, document, database, after: [...deployed] }, options));
  }
  return deployed;
}
