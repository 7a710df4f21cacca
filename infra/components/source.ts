import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { contentHashOf, type DeployedFiles } from '../archive/deployed-files.ts';

export interface SourceArgs {
  readonly project: string;
  readonly region: string;
  readonly files: DeployedFiles;
}

/** The source archive of the functions, and the service account and image repository for Cloud Build. */
export class Source extends pulumi.ComponentResource {
  readonly bucket: gcp.storage.Bucket;
  /** Its name contains a hash of its content, so that a function gets a new revision only when the content changes. */
  readonly archive: gcp.storage.BucketObject;
  readonly images: gcp.artifactregistry.Repository;
  readonly builder: gcp.serviceaccount.Account;
  /** The roles that Cloud Build needs before it can build a function. */
  readonly grants: readonly pulumi.Resource[];

  constructor(args: SourceArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Source', 'source', {}, options);
    const { project, region } = args;
    this.bucket = new gcp.storage.Bucket(
      'source',
      {
        project,
        name: `${project}-functions-source`,
        // Cloud Storage spells locations in upper case.
        location: region.toUpperCase(),
        uniformBucketLevelAccess: true,
        publicAccessPrevention: 'enforced',
        forceDestroy: true,
      },
      { parent: this },
    );
    this.archive = uploadArchive(this.bucket, args.files, this);
    this.images = imageRepository(args, this);
    this.builder = new gcp.serviceaccount.Account(
      'builder',
      { project, accountId: 'functions-builder', displayName: 'Builds the functions' },
      { parent: this },
    );
    this.grants = this.#grantRoles(project, region);
    this.registerOutputs({ archive: this.archive.name });
  }

  /** The roles that https://cloud.google.com/functions/docs/securing/build-custom-sa lists, as narrow as possible. */
  #grantRoles(project: string, region: string): pulumi.Resource[] {
    const { member } = this.builder;
    const viewer = 'roles/storage.objectViewer';
    return [
      new gcp.projects.IAMMember(
        'builder-logs',
        { project, role: 'roles/logging.logWriter', member },
        { parent: this },
      ),
      new gcp.artifactregistry.RepositoryIamMember(
        'builder-images',
        {
          project,
          location: region,
          repository: this.images.name,
          role: 'roles/artifactregistry.writer',
          member,
        },
        { parent: this },
      ),
      new gcp.storage.BucketIAMMember(
        'builder-source',
        { bucket: this.bucket.name, role: viewer, member },
        { parent: this },
      ),
      // Cloud Functions copies the source to another bucket, which does not exist before the first build.
      new gcp.projects.IAMMember(
        'builder-copied-source',
        {
          project,
          role: viewer,
          member,
          condition: {
            title: 'copies of the source',
            expression: 'resource.name.startsWith("projects/_/buckets/gcf-v2-sources-")',
          },
        },
        { parent: this },
      ),
    ];
  }
}

function uploadArchive(bucket: gcp.storage.Bucket, files: DeployedFiles, parent: pulumi.Resource) {
  const assets = Object.entries(files).map(
    ([name, text]) => [name, new pulumi.asset.StringAsset(text)] as const,
  );
  return new gcp.storage.BucketObject(
    'archive',
    {
      bucket: bucket.name,
      name: `functions-${contentHashOf(files)}.zip`,
      source: new pulumi.asset.AssetArchive(Object.fromEntries(assets)),
    },
    { parent },
  );
}

/** Keeps the last images for a rollback and deletes older ones. */
function imageRepository({ project, region }: SourceArgs, parent: pulumi.Resource) {
  return new gcp.artifactregistry.Repository(
    'images',
    {
      project,
      location: region,
      repositoryId: 'functions',
      format: 'DOCKER',
      cleanupPolicies: [
        { id: 'keep-the-last', action: 'KEEP', mostRecentVersions: { keepCount: 3 } },
        // 30 days. Images that a KEEP policy names are not deleted
        // (https://docs.cloud.google.com/artifact-registry/docs/repositories/cleanup-policy-overview).
        { id: 'delete-the-old', action: 'DELETE', condition: { olderThan: '2592000s' } },
      ],
    },
    { parent },
  );
}
