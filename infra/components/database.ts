import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { FirestoreIndexes } from '../firestore-indexes.ts';

/**
 * How long a daily backup is kept: two weeks. Firestore allows up to 14 weeks
 * (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/firestore_backup_schedule).
 */
const BACKUP_RETENTION = `${14 * 24 * 60 * 60}s`;

export interface DatabaseArgs {
  readonly project: string;
  /** It cannot be changed once the database exists. */
  readonly location: string;
  /** No deletion, point-in-time recovery for seven days, daily backups. */
  readonly protect: boolean;
  readonly indexes: FirestoreIndexes;
  readonly rules: string;
}

/** The default database of Firestore, with its indexes, TTL policies and security rules. */
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
        // By default, destroying the stack leaves the database behind, and the next stack cannot create it.
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

  /** Indexes what queries need, exempts other fields from indexing, and sets TTL policies. */
  #index(project: string, { indexes, fieldOverrides }: FirestoreIndexes): void {
    const database = this.database.name;
    for (const { collectionGroup: collection, queryScope, fields } of indexes) {
      const name = [collection, ...fields.map(({ fieldPath }) => fieldPath)].join('-');
      new gcp.firestore.Index(name, { project, database, collection, queryScope, fields }, { parent: this });
    }
    for (const { collectionGroup: collection, fieldPath: field, ttl, indexes: kept } of fieldOverrides) {
      new gcp.firestore.Field(
        `${collection}-${field}`,
        // An empty index configuration means no indexes; a missing one means the default indexes
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

  /** Denies all clients. The functions are not affected: their service accounts bypass the rules. */
  #denyClients(project: string, content: string): void {
    const ruleset = new gcp.firebaserules.Ruleset(
      'rules',
      { project, source: { files: [{ name: 'firestore.rules', content }] } },
      { parent: this, dependsOn: this.database },
    );
    new gcp.firebaserules.Release(
      'rules',
      // Firestore looks for its rules under this name, which only one release can have at a time
      // (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/firebaserules_release).
      { project, name: 'cloud.firestore', rulesetName: ruleset.name },
      { parent: this, deleteBeforeReplace: true },
    );
  }
}
