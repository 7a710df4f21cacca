import { isPublic, type DeployedFunction } from '../functions/manifest.ts';
import { cloudName, functionUrl } from '../functions/names.ts';
import type { Settings } from './settings.ts';

/** What `pulumi stack output` shows. */
export interface Outputs {
  /** The URL of each public function. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** The service account of each function, for granting it access to other services, such as Analytics. */
  readonly serviceAccounts: Readonly<Record<string, string>>;
  /** A shell command that publishes a purchase made now. */
  readonly publishTestPurchase: string;
  /** A shell command that shows the log of the functions as it is written. */
  readonly tailLogs: string;
}

export function outputsOf({ project }: Settings, functions: readonly DeployedFunction[]): Outputs {
  const purchase =
    '{"transactionId":"test-\'$(date +%s)\'","source":"point-of-sale","occurredAt":"\'$(date -u +%FT%TZ)\'",' +
    '"customer":{"email":"YOUR ADDRESS"},"total":{"amount":890,"currency":"EUR"}}';
  const byFunction = (
    chosen: readonly DeployedFunction[],
    value: (definition: DeployedFunction) => string,
  ): Record<string, string> => Object.fromEntries(chosen.map((it) => [it.name, value(it)]));
  return {
    endpoints: byFunction(functions.filter(isPublic), ({ name, region: [region] }) =>
      functionUrl(project, region, name),
    ),
    serviceAccounts: byFunction(
      functions,
      ({ name }) => `${cloudName(name)}@${project}.iam.gserviceaccount.com`,
    ),
    publishTestPurchase: `gcloud pubsub topics publish transactions --project=${project} --message='${purchase}'`,
    tailLogs: `gcloud beta logging tail 'resource.type="cloud_run_revision" AND jsonPayload.event:*' --project=${project} --format='value(jsonPayload.event, jsonPayload.message)'`,
  };
}
