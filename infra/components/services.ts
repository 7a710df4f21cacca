import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

/**
 * What the program itself provisions with, beside what the functions call. Events of Firestore need Eventarc and its
 * publishing (https://docs.cloud.google.com/eventarc/docs/run/route-trigger-cloud-firestore).
 */
const needed = [
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

/** The Google services of the project, enabled, and the accounts that two of them act under. */
export class Services extends pulumi.ComponentResource {
  /** Under which Pub/Sub forwards dead letters and signs its pushes: `serviceAccount:…`. */
  readonly pubsubAgent: pulumi.Output<string>;

  constructor({ project, apis }: ServicesArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Services', 'services', {}, options);
    const enabled = [...new Set([...needed, ...apis])].toSorted().map(
      (service) =>
        new gcp.projects.Service(
          service.replace('.googleapis.com', ''),
          // Turning a service off takes its resources along, also those that are not ours.
          { project, service, disableOnDestroy: false },
          { parent: this },
        ),
    );
    // The agents exist from the first use of a service, which is too late: they must have their roles by then
    // (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/project_service_identity).
    const after = { parent: this, dependsOn: enabled };
    const pubsub = agent('pubsub', project, after);
    const eventarc = agent('eventarc', project, after);
    // Google gives it this role too, but in its own time: without it the first trigger of a project is refused
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

function agent(service: string, project: string, options: pulumi.CustomResourceOptions) {
  return new gcp.projects.ServiceIdentity(
    `${service}-agent`,
    { project, service: `${service}.googleapis.com` },
    options,
  );
}
