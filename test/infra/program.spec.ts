import { expect } from 'chai';
import { isPublic, readManifest, topicOf, documentOf } from '../../functions/manifest.ts';
import { variablesByFunction, secretVariables } from '../../functions/src/config/variables.ts';
import { topics } from '../../functions/src/domain/published-message.ts';
import { deadLetterTopicOf, schedules } from '../../functions/subscriptions.ts';
import { readFirestoreIndexes } from '../../infra/firestore-indexes.ts';
import { cloudName } from '../../functions/names.ts';
import { dryRun, type DeclaredResource, type DryRun, type StackName } from '../../infra/dry-run.ts';

/** How Pulumi marks a serialized secret (@pulumi/pulumi, runtime/rpc). */
const SECRET_MARK = '1b47061264138c4ac30d75fd1eb44270';

interface Service {
  readonly serviceAccountEmail: string;
  readonly minInstanceCount: number;
  readonly maxInstanceCount: number;
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly secretEnvironmentVariables: readonly { readonly key: string }[];
}

const stacks: StackName[] = ['dev', 'prod'];
const manifest = readManifest();
const { functions, region } = manifest;

for (const stack of stacks) {
  describe(`the stack ${stack}`, () => {
    let result: DryRun;
    before(async function () {
      this.timeout(60_000);
      result = await dryRun(stack);
    });

    /** The inputs of all resources of a type, such as `pubsub/topic:Topic`. */
    function all(type: string): Record<string, unknown>[] {
      return result.resources
        .filter((resource) => resource.type === `gcp:${type}`)
        .map(({ inputs }) => inputs);
    }
    function services(): Service[] {
      return all('cloudfunctionsv2/function:Function').map((it) => it['serviceConfig'] as Service);
    }
    function grants(): DeclaredResource[] {
      return result.resources.filter(({ inputs }) => 'role' in inputs && 'member' in inputs);
    }
    const project = `farmacy-${stack}`;
    const topicId = (name: string) => `projects/${project}/topics/${name}`;
    const memberOf = (name: string) => `serviceAccount:${cloudName(name)}@${project}.iam.gserviceaccount.com`;

    it('has every function of the manifest and no others', () => {
      const deployed = all('cloudfunctionsv2/function:Function');
      expect(deployed.map(({ name }) => name)).to.have.members(functions.map(({ name }) => cloudName(name)));
      for (const definition of functions) {
        const found = deployed.find(({ name }) => name === cloudName(definition.name));
        expect(found, definition.name).to.nested.include({
          location: region,
          'buildConfig.runtime': 'nodejs24',
          'buildConfig.entryPoint': definition.entryPoint,
          'serviceConfig.availableMemory': `${definition.availableMemoryMb}Mi`,
          'serviceConfig.availableCpu': String(definition.cpu),
          'serviceConfig.maxInstanceRequestConcurrency': definition.concurrency,
          'serviceConfig.minInstanceCount': definition.minInstances,
          'serviceConfig.maxInstanceCount': definition.maxInstances,
          'serviceConfig.timeoutSeconds': definition.timeoutSeconds,
          'serviceConfig.ingressSettings': definition.ingressSettings,
        });
      }
    });

    it('limits the instances of every function and keeps none running while idle', () => {
      for (const { minInstanceCount, maxInstanceCount } of services()) {
        expect(maxInstanceCount).to.be.within(1, 100);
        expect(minInstanceCount).to.equal(0);
      }
    });

    it('runs every function as a service account of its own', () => {
      const accounts = services().map(({ serviceAccountEmail }) => serviceAccountEmail);
      expect(new Set(accounts).size).to.equal(functions.length);
      expect(accounts.every((account) => account.endsWith(`@${project}.iam.gserviceaccount.com`))).to.equal(
        true,
      );
    });

    it('names service accounts as Google allows', () => {
      for (const { accountId } of all('serviceaccount/account:Account')) {
        expect(accountId).to.match(/^[a-z][a-z\d-]{4,28}[a-z\d]$/u);
      }
    });

    it('gives each function the variables that it reads', () => {
      for (const { name, environmentVariables } of functions) {
        const service = services().find((it) => it.serviceAccountEmail.startsWith(`${cloudName(name)}@`));
        expect(service, name).to.not.equal(undefined);
        if (service === undefined) continue;
        expect(service.environmentVariables, name).to.include(environmentVariables);
        const { GOOGLE_CLOUD_PROJECT, NODE_OPTIONS, ...plain } = service.environmentVariables;
        expect(NODE_OPTIONS).to.include('--max-semi-space-size');
        const secrets = service.secretEnvironmentVariables.map(({ key }) => key);
        expect(GOOGLE_CLOUD_PROJECT).to.equal(project);
        const read = Object.keys(variablesByFunction[name]?.shape ?? {});
        expect(read).to.include.members([...Object.keys(plain), ...secrets]);
        expect(secrets).to.have.members(read.filter((variable) => secretVariables.includes(variable)));
        expect(secretVariables).to.not.include.members(Object.keys(plain).concat('-'));
      }
    });

    it('pushes to every function that a topic triggers, with backoff and a week of retention', () => {
      for (const definition of functions) {
        const topic = topicOf(definition);
        if (topic === undefined) continue;
        const name = cloudName(definition.name);
        const found = all('pubsub/subscription:Subscription').find((it) => it['name'] === name);
        const uri = `https://${name}-abcdef-ew.a.run.app`;
        expect(found, name).to.deep.include({
          topic: topicId(topic),
          messageRetentionDuration: '604800s',
          expirationPolicy: { ttl: '' },
          retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
          pushConfig: {
            pushEndpoint: `${uri}/projects/${project}/topics/${topic}`,
            oidcToken: { serviceAccountEmail: `${name}@${project}.iam.gserviceaccount.com`, audience: uri },
          },
        });
        expect(found?.['ackDeadlineSeconds']).to.be.within(definition.timeoutSeconds, 600);
      }
    });

    it('forwards messages that cannot be delivered to a topic with a subscription', () => {
      const subscriptions = all('pubsub/subscription:Subscription');
      for (const { name, topic, messageRetentionDuration, deadLetterPolicy } of subscriptions) {
        expect(messageRetentionDuration, String(name)).to.equal('604800s');
        const deadLetters = deadLetterTopicOf(String(topic).split('/').at(-1) ?? '');
        if (deadLetters === undefined) continue;
        expect(deadLetterPolicy, String(name)).to.deep.equal({
          deadLetterTopic: topicId(deadLetters),
          maxDeliveryAttempts: 20,
        });
        expect(subscriptions.filter((it) => it['topic'] === topicId(deadLetters))).to.have.length(1);
      }
    });

    it('lets Pub/Sub forward dead letters and authenticate its pushes', () => {
      const agent = 'serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com';
      const roles = (of: string, role: string) =>
        grants().filter(
          ({ type, inputs }) => type === `gcp:${of}` && inputs['role'] === role && inputs['member'] === agent,
        );
      const subscribed = functions.filter((it) => topicOf(it) !== undefined);
      const forwarded = subscribed.filter((it) => deadLetterTopicOf(topicOf(it) ?? '') !== undefined);
      const names = (found: DeclaredResource[], key: string) => found.map(({ inputs }) => inputs[key]);
      expect(
        names(
          roles('pubsub/subscriptionIAMMember:SubscriptionIAMMember', 'roles/pubsub.subscriber'),
          'subscription',
        ),
      ).to.have.members(forwarded.map(({ name }) => cloudName(name)));
      expect(
        names(roles('pubsub/topicIAMMember:TopicIAMMember', 'roles/pubsub.publisher'), 'topic'),
      ).to.have.members(forwarded.map((it) => deadLetterTopicOf(topicOf(it) ?? '')));
      expect(
        roles('serviceaccount/iAMMember:IAMMember', 'roles/iam.serviceAccountOpenIdTokenCreator'),
      ).to.have.length(subscribed.length);
    });

    it('triggers functions by documents as the manifest says, with retries, in the region of the database', () => {
      const [database] = all('firestore/database:Database');
      expect(database).to.include({ name: '(default)', type: 'FIRESTORE_NATIVE', locationId: region });
      for (const definition of functions) {
        const document = documentOf(definition);
        if (document === undefined) continue;
        const found = all('cloudfunctionsv2/function:Function').find(
          (it) => it['name'] === cloudName(definition.name),
        );
        expect(found?.['eventTrigger']).to.deep.equal({
          eventType: 'google.cloud.firestore.document.v1.written',
          triggerRegion: region,
          retryPolicy: 'RETRY_POLICY_RETRY',
          serviceAccountEmail: `${cloudName(definition.name)}@${project}.iam.gserviceaccount.com`,
          eventFilters: [
            { attribute: 'database', value: '(default)' },
            { attribute: 'namespace', value: '(default)' },
            { attribute: 'document', value: document, operator: 'match-path-pattern' },
          ],
        });
        const received = grants().filter(({ inputs }) => inputs['role'] === 'roles/eventarc.eventReceiver');
        expect(received.map(({ inputs }) => inputs['member'])).to.deep.equal([memberOf(definition.name)]);
      }
    });

    it('enables the APIs that Firestore events need', () => {
      expect(all('projects/service:Service').map(({ service }) => service)).to.include.members([
        'eventarc.googleapis.com',
        'eventarcpublishing.googleapis.com',
        'firestore.googleapis.com',
      ]);
    });

    it('is public only where the manifest says so', () => {
      const open = grants().filter(({ inputs }) =>
        /^all(?:Users|AuthenticatedUsers)$/u.test(String(inputs['member'])),
      );
      expect(open.map(({ inputs }) => inputs['name'])).to.have.members(
        functions.filter(isPublic).map(({ name }) => cloudName(name)),
      );
      expect(open.every(({ inputs }) => inputs['role'] === 'roles/run.invoker')).to.equal(true);
      expect(functions.filter(isPublic).map(({ name }) => name)).to.have.members([
        'ingestTransactions',
        'recordDelivery',
        'unsubscribe',
      ]);
      for (const definition of functions) {
        expect(definition.ingressSettings === 'ALLOW_ALL', definition.name).to.equal(isPublic(definition));
      }
    });

    it("lets only the trigger of a function call it, as the function's own service account", () => {
      for (const definition of functions.filter((it) => !isPublic(it))) {
        const invokers = grants().filter(
          ({ inputs }) =>
            inputs['role'] === 'roles/run.invoker' && inputs['name'] === cloudName(definition.name),
        );
        expect(invokers.map(({ inputs }) => inputs['member'])).to.deep.equal([memberOf(definition.name)]);
      }
    });

    it('grants no broad or administrative roles', () => {
      expect(grants().length).to.be.greaterThan(20);
      for (const { name, inputs } of grants()) {
        expect(inputs['role'], name).to.not.match(/^roles\/(?:owner|editor|viewer)$|[aA]dmin$/u);
      }
    });

    it('grants a role for the whole project only when it has no narrower scope', () => {
      const wide = grants()
        .filter(({ type, inputs }) => type === 'gcp:projects/iAMMember:IAMMember' && !('condition' in inputs))
        .map(({ inputs }) => inputs['role']);
      expect([...new Set(wide)]).to.have.members([
        'roles/datastore.user',
        'roles/eventarc.eventReceiver',
        'roles/eventarc.serviceAgent',
        'roles/logging.logWriter',
      ]);
    });

    it('lets a function read only its own secrets, and marks every value as a secret', () => {
      const readers = grants().filter(
        ({ inputs }) => inputs['role'] === 'roles/secretmanager.secretAccessor',
      );
      const expected = functions.flatMap(({ name }) =>
        Object.keys(variablesByFunction[name]?.shape ?? {})
          .filter((variable) => secretVariables.includes(variable))
          .map((variable) => `${memberOf(name)} ${cloudName(variable)}`),
      );
      expect(
        readers.map(({ inputs }) => `${String(inputs['member'])} ${String(inputs['secretId'])}`),
      ).to.have.members(expected);
      const versions = all('secretmanager/secretVersion:SecretVersion');
      expect(versions).to.have.length(secretVariables.length);
      for (const { secretData } of versions)
        expect(Object.values(secretData as object)).to.include(SECRET_MARK);
      const elsewhere = result.resources.filter(({ type }) => !type.endsWith(':SecretVersion'));
      expect(JSON.stringify([elsewhere, result.outputs])).to.not.match(/placeholder-for|SG\.placeholder/u);
    });

    it('has the topics that the functions use', () => {
      const declared = all('pubsub/topic:Topic').map(({ name }) => String(name));
      expect(declared).to.include.members(Object.values(topics));
      for (const { messageStoragePolicy } of all('pubsub/topic:Topic')) {
        expect(messageStoragePolicy).to.deep.equal({ allowedPersistenceRegions: [region] });
      }
    });

    it('publishes on schedule to topics with a subscribed function, in base64', () => {
      const jobs = all('cloudscheduler/job:Job');
      expect(jobs.map(({ schedule, pubsubTarget }) => ({ schedule, pubsubTarget }))).to.deep.equal(
        schedules.map(({ topic, cron }) => ({
          schedule: cron,
          pubsubTarget: { topicName: topicId(topic), data: 'e30=' },
        })),
      );
      const subscribed = functions.map(topicOf);
      expect(schedules.every(({ topic }) => subscribed.includes(topic))).to.equal(true);
    });

    it('has the indexes, TTL policies and security rules of the emulator', () => {
      const { indexes, fieldOverrides } = readFirestoreIndexes();
      expect(all('firestore/index:Index')).to.have.length(indexes.length);
      const fields = all('firestore/field:Field');
      expect(fields.map(({ collection, field }) => `${String(collection)}.${String(field)}`)).to.have.members(
        fieldOverrides.map(({ collectionGroup, fieldPath }) => `${collectionGroup}.${fieldPath}`),
      );
      expect(fields.filter((field) => 'ttlConfig' in field)).to.have.length(
        fieldOverrides.filter(({ ttl }) => ttl).length,
      );
      expect(JSON.stringify(all('firebaserules/ruleset:Ruleset'))).to.include('allow read, write: if false');
    });

    it('keeps everything in one region', () => {
      const locations = result.resources.flatMap(({ inputs }) =>
        ['location', 'region', 'locationId'].flatMap((key) => (key in inputs ? [String(inputs[key])] : [])),
      );
      expect([...new Set(locations.map((location) => location.toLowerCase()))]).to.deep.equal([region]);
      expect(all('storage/bucket:Bucket').map(({ location }) => location)).to.deep.equal([
        region.toUpperCase(),
      ]);
    });

    it('builds from an archive that is named by its content', () => {
      const [archive] = all('storage/bucketObject:BucketObject');
      expect(archive?.['name']).to.match(/^functions-[\da-f]{16}\.zip$/u);
      for (const { buildConfig } of all('cloudfunctionsv2/function:Function')) {
        expect(buildConfig).to.nested.include({
          'source.storageSource.object': archive?.['name'],
          'source.storageSource.bucket': `${project}-functions-source`,
        });
      }
    });

    it('outputs endpoints and commands', () => {
      const { endpoints, publishTestPurchase, tailLogs } = result.outputs;
      expect(Object.keys(endpoints)).to.have.members(functions.filter(isPublic).map(({ name }) => name));
      expect(endpoints['unsubscribe']).to.equal(
        `https://${region}-${project}.cloudfunctions.net/unsubscribe`,
      );
      expect(publishTestPurchase).to.include(`topics publish transactions --project=${project}`);
      expect(tailLogs).to.include(`--project=${project}`);
    });

    it(stack === 'prod' ? 'protects data' : 'protects no data, which would cost money', () => {
      const [database] = all('firestore/database:Database');
      expect(database).to.include({
        deleteProtectionState: stack === 'prod' ? 'DELETE_PROTECTION_ENABLED' : 'DELETE_PROTECTION_DISABLED',
        pointInTimeRecoveryEnablement:
          stack === 'prod' ? 'POINT_IN_TIME_RECOVERY_ENABLED' : 'POINT_IN_TIME_RECOVERY_DISABLED',
      });
      expect(all('firestore/backupSchedule:BackupSchedule')).to.have.length(stack === 'prod' ? 1 : 0);
    });
  });
}
