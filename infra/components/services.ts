import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

/**
 * The APIs that this program uses itself. Firestore events need both APIs of Eventarc
 * (https://docs.cloud.google.com/eventarc/docs/run/route-trigger-cloud-firestore).
 */
const requiredApis = [
  'artifactregistry.googleapis.com',
  'billingbudgets.googleapis.com',
  'cloudbuild.googleapis.com',
  'cloudfunctions.googleapis.com',
  'cloudresourcemanager.googleapis.com',
  'cloudscheduler.googleapis.com',
  'eventarc.googleapis.com',
  'eventarcpublishing.googleapis.com',
  'firebaserules.googleapis.com',
  'firestore.googleapis.com',
  'iam.googleapis.com',
  'logging.googleapis.com',
  'monitoring.googleapis.com',
  'pubsub.googleapis.com',
  'run.googleapis.com',
  'secretmanager.googleapis.com',
  'storage.googleapis.com',
];

export interface ServicesArgs {
  readonly project: string;
  /** The APIs that the functions call. */
  readonly apis: readonly string[];
}

/** Enables the Google APIs of the project and creates the service agents of two of them. */
export class Services extends pulumi.ComponentResource {
  /** Pub/Sub forwards dead letters and signs its pushes as this member: `serviceAccount:…`. */
  readonly pubsubAgent: pulumi.Output<string>;

  constructor({ project, apis }: ServicesArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Services', 'services', {}, options);
    const enabled = [...new Set([...requiredApis, ...apis])].toSorted().map(
      (service) =>
        new gcp.projects.Service(
          service.replace('.googleapis.com', ''),
          // Disabling an API also deletes resources that other programs created.
          { project, service, disableOnDestroy: false },
          { parent: this },
        ),
    );
    // Google creates service agents when an API is first used, which is too late: they need their roles before that
    // (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/project_service_identity).
    const afterwards = { parent: this, dependsOn: enabled };
    const pubsub = serviceAgent('pubsub', project, afterwards);
    const eventarc = serviceAgent('eventarc', project, afterwards);
    // Google grants this role as well, but later: without it, the first trigger of a project is refused
    // (https://docs.cloud.google.com/eventarc/docs/all-roles-permissions).
    new gcp.projects.IAMMember(
      'eventarc-agent',
      { project, role: 'roles/eventarc.serviceAgent', member: eventarc.member },
      { parent: this },
    );
    this.pubsubAgent = pubsub.member;
    this.registerOutputs({ pubsubAgent: this.pubsubAgent });
  }
}

function serviceAgent(service: string, project: string, options: pulumi.CustomResourceOptions) {
  return new gcp.projects.ServiceIdentity(
    `${service}-agent`,
    { project, service: `${service}.googleapis.com` },
    options,
  );
}
