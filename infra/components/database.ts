import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { FirestoreIndexes } from '../firestore-indexes.ts';

/**
 * How long a daily backup is kept: two weeks. Firestore takes up to 14 weeks, in seconds with an s
 * (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/firestore_backup_schedule).
 */
const BACKUP_RETENTION = `${14 * 24 * 60 * 60}s`;

export interface DatabaseArgs {
  readonly project: string;
  /** Cannot be changed once the database exists. */
  readonly location: string;
  /** Whether data survives mistakes: no deletion, any minute of the last seven days restorable, daily backups. */
  readonly protect: boolean;
  readonly indexes: FirestoreIndexes;
  readonly rules: string;
}

/** Firestore: the one database that triggers and clients take when none is named, its indexes, TTL and rules. */
export class Database extends pulumi.ComponentResource {
  readonly database: gcp.firestore.Database;

  constructor(args: DatabaseArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Database', 'database', {}, options);
    const { project, location, protect } = args;
    this.database = new gcp.firestore.Database(
      'database',
      {
        project,
        name: '(default)',
        locationId: location,
        type: 'FIRESTORE_NATIVE',
        deleteProtectionState: protect ? 'DELETE_PROTECTION_ENABLED' : 'DELETE_PROTECTION_DISABLED',
        pointInTimeRecoveryEnablement: protect
          ? 'POINT_IN_TIME_RECOVERY_ENABLED'
          : 'POINT_IN_TIME_RECOVERY_DISABLED',
        // Without it, destroying the stack leaves the database behind and the next one cannot be made.
        deletionPolicy: protect ? 'ABANDON' : 'DELETE',
      },
      { parent: this, protect },
    );
    if (protect) this.#backUp(project);
    this.#index(project, args.indexes);
    this.#denyClients(project, args.rules);
    this.registerOutputs({ name: this.database.name });
  }

  #backUp(project: string): void {
    new gcp.firestore.BackupSchedule(
      'daily-backup',
      { project, database: this.database.name, retention: BACKUP_RETENTION, dailyRecurrence: {} },
      { parent: this },
    );
  }

  /** Deletes what has expired, leaves out of the index what nobody asks for, and indexes what queries need. */
  #index(project: string, { indexes, fieldOverrides }: FirestoreIndexes): void {
    const database = this.database.name;
    for (const { collectionGroup: collection, queryScope, fields } of indexes) {
      const name = [collection, ...fields.map(({ fieldPath }) => fieldPath)].join('-');
      new gcp.firestore.Index(name, { project, database, collection, queryScope, fields }, { parent: this });
    }
    for (const { collectionGroup: collection, fieldPath: field, ttl, indexes: kept } of fieldOverrides) {
      new gcp.firestore.Field(
        `${collection}-${field}`,
        // An empty index configuration is one without indexes; none at all would be the usual ones
        // (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/firestore_field).
        {
          project,
          database,
          collection,
          field,
          indexConfig: { indexes: kept },
          ...(ttl && { ttlConfig: {} }),
        },
        { parent: this },
      );
    }
  }

  /** Only the functions have access, whose accounts these rules do not concern. */
  #denyClients(project: string, content: string): void {
    const ruleset = new gcp.firebaserules.Ruleset(
      'rules',
      { project, source: { files: [{ name: 'firestore.rules', content }] } },
      { parent: this, dependsOn: this.database },
    );
    new gcp.firebaserules.Release(
      'rules',
      // The name by which Firestore finds the rules of its database, and which only one release has at a time
      // (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/firebaserules_release).
      { project, name: 'cloud.firestore', rulesetName: ruleset.name },
      { parent: this, deleteBeforeReplace: true },
    );
  }
}
