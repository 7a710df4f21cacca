import { isPublic, type DeployedFunction } from '../functions/manifest.ts';
import { cloudName, functionUrl } from './names.ts';
import type { Settings } from './settings.ts';

/** What `pulumi stack output` shows. */
export interface Outputs {
  /** Where each public function answers. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** The account of each function: to give a neighbour such as Analytics, so that it lets the function in. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Publishes a purchase made now, by a customer who is nobody. */
  readonly publishTestPurchase: string;
  /** Shows what became of it, as it happens. */
  readonly watch: string;
}

export function outputsOf({ project }: Settings, functions: readonly DeployedFunction[]): Outputs {
  const purchase =
    '{"transactionId":"test-\'$(date +%s)\'","source":"point-of-sale","occurredAt":"\'$(date -u +%FT%TZ)\'",' +
    '"customer":{"email":"YOUR ADDRESS"},"total":{"amount":890,"currency":"EUR"}}';
  const ofFunctions = <T>(chosen: readonly DeployedFunction[], value: (definition: DeployedFunction) => T) =>
    Object.fromEntries(chosen.map((definition) => [definition.name, value(definition)]));
  return {
    endpoints: ofFunctions(functions.filter(isPublic), ({ name, region: [region] }) =>
      functionUrl(project, region, name),
    ),
    accounts: ofFunctions(functions, ({ name }) => `${cloudName(name)}@${project}.iam.gserviceaccount.com`),
    publishTestPurchase: `gcloud pubsub topics publish transactions --project=${project} --message='${purchase}'`,
    watch: `gcloud beta logging tail 'resource.type="cloud_run_revision" AND jsonPayload.event:*' --project=${project} --format='value(jsonPayload.event, jsonPayload.message)'`,
  };
}
