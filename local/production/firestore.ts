import { Firestore } from '@google-cloud/firestore';
import type { DeployedFunction } from '../../functions/manifest.ts';
import { PROJECT } from '../../operations/target/local-stack.ts';

/** A client of the local Firestore that ignores the environment. @param host `HOST:PORT` */
export function firestoreClient(host: string): Firestore {
  // Without this, the client first looks for a metadata server, which takes seconds.
  process.env['METADATA_SERVER_DETECTION'] ??= 'none';
  return new Firestore({
    projectId: PROJECT,
    host,
    ssl: false,
    customHeaders: { Authorization: 'Bearer owner' },
  });
}

/**
 * Tells the emulator to report the writes that trigger a function. Does nothing for a function without a document trigger.
 * @param host of the emulator: `HOST:PORT`.
 */
export async function registerTrigger(host: string, { name, eventTrigger }: DeployedFunction): Promise<void> {
  if (eventTrigger?.eventType !== 'google.cloud.firestore.document.v1.written') return;
  const { eventType, eventFilters, eventFilterPathPatterns } = eventTrigger;
  const address = `http://${host}/emulator/v1/projects/${PROJECT}/eventarcTrigger?eventarcTriggerId=${name}`;
  const response = await fetch(address, {
    method: 'POST',
    headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
    body: JSON.stringify({
      eventType,
      database: eventFilters.database,
      namespace: eventFilters.namespace,
      document: { value: eventFilterPathPatterns.document, matchType: 'PATH_PATTERN' },
    }),
  });
  if (!response.ok) throw new Error(`The emulator refused the trigger of ${name}: ${await response.text()}`);
}
