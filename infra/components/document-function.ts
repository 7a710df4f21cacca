import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { cloudName } from '../names.ts';
import { CloudFunction, type CloudFunctionArgs } from './cloud-function.ts';
import type { Database } from './database.ts';

export interface DocumentFunctionArgs extends CloudFunctionArgs {
  /** Pattern of the documents, such as `customers/{customerId}`. */
  readonly document: string;
  readonly database: Database;
  /** What is deployed before it. */
  readonly after: readonly pulumi.Resource[];
}

/** A function that Firestore triggers through Eventarc, again until it succeeds or the event is a day old. */
export class DocumentFunction extends pulumi.ComponentResource {
  constructor(args: DocumentFunctionArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:DocumentFunction', cloudName(args.definition.name), {}, options);
    const deployed = new CloudFunction(args, { parent: this, dependsOn: args.database }, (it) => ({
      eventTrigger: trigger(it, args),
      // In a new project it takes some minutes until Eventarc's agent may do its part, and until then Google refuses
      // the function (https://github.com/hashicorp/terraform-provider-google/issues/25294). Building others takes them.
      needs: [this.#letReceive(it, args), ...args.after],
    }));
    deployed.admit('eventarc', deployed.account.member);
    this.registerOutputs({});
  }

  /** No role below the project's exists for it (https://docs.cloud.google.com/eventarc/docs/all-roles-permissions). */
  #letReceive({ account }: CloudFunction, { project, definition }: DocumentFunctionArgs): pulumi.Resource {
    return new gcp.projects.IAMMember(
      `${cloudName(definition.name)}-events`,
      { project, role: 'roles/eventarc.eventReceiver', member: account.member },
      { parent: this },
    );
  }
}

/** https://docs.cloud.google.com/eventarc/docs/run/route-trigger-cloud-firestore has the attributes. */
function trigger({ account }: CloudFunction, { definition, document, database }: DocumentFunctionArgs) {
  return {
    eventType: 'google.cloud.firestore.document.v1.written',
    // Of a regional database, the events are there and nowhere else.
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
