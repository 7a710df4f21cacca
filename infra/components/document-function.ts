import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { cloudName } from '../../functions/names.ts';
import { CloudFunction, type CloudFunctionArgs } from './cloud-function.ts';
import type { Database } from './database.ts';

export interface DocumentFunctionArgs extends CloudFunctionArgs {
  /** The pattern of the documents, such as `customers/{customerId}`. */
  readonly document: string;
  readonly database: Database;
  /** Resources that must exist before this function. */
  readonly after: readonly pulumi.Resource[];
}

/** A function that Firestore triggers through Eventarc. Eventarc retries until it succeeds or the event is a day old. */
export class DocumentFunction extends pulumi.ComponentResource {
  constructor(args: DocumentFunctionArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:DocumentFunction', cloudName(args.definition.name), {}, options);
    const deployed = new CloudFunction(args, { parent: this, dependsOn: args.database }, (it) => ({
      eventTrigger: trigger(it, args),
      // In a new project, Eventarc's service agent gets its permissions after some minutes, and Google refuses the
      // function until then (https://github.com/hashicorp/terraform-provider-google/issues/25294). Building the other
      // functions first takes that long.
      dependsOn: [this.#allowEvents(it, args), ...args.after],
    }));
    deployed.grantInvoker('eventarc', deployed.account.member);
    this.registerOutputs({});
  }

  /** The role exists only at the level of the project (https://docs.cloud.google.com/eventarc/docs/all-roles-permissions). */
  #allowEvents({ account }: CloudFunction, { project, definition }: DocumentFunctionArgs): pulumi.Resource {
    return new gcp.projects.IAMMember(
      `${cloudName(definition.name)}-events`,
      { project, role: 'roles/eventarc.eventReceiver', member: account.member },
      { parent: this },
    );
  }
}

/** The attributes: https://docs.cloud.google.com/eventarc/docs/run/route-trigger-cloud-firestore. */
function trigger({ account }: CloudFunction, { definition, document, database }: DocumentFunctionArgs) {
  return {
    eventType: 'google.cloud.firestore.document.v1.written',
    // A regional database publishes its events in its own region only.
    triggerRegion: database.database.locationId,
    retryPolicy: definition.eventTrigger?.retry === true ? 'RETRY_POLICY_RETRY' : 'RETRY_POLICY_DO_NOT_RETRY',
    serviceAccountEmail: account.email,
    eventFilters: [
      { attribute: 'database', value: database.database.name },
      { attribute: 'namespace', value: '(default)' },
      { attribute: 'document', value: document, operator: 'match-path-pattern' },
    ],
  };
}
