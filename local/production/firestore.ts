import { Firestore } from '@google-cloud/firestore';
import type { DeployedFunction } from '../../functions/manifest.ts';
import { PROJECT } from '../stack/environment.ts';

/** A client of an emulator, whatever the environment says. @param host as `HOST:PORT`. */
export function firestoreClient(host: string): Firestore {
  return new Firestore({
    projectId: PROJECT,
    host,
    ssl: false,
    customHeaders: { Authorization: 'Bearer owner' },
  });
}

/**
 * Has the emulator report the writes that trigger a function; nothing for a function that no document triggers.
 * @param host of the emulator, as `HOST:PORT`.
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
  if (!response.ok) throw new Error(`The trigger of ${name} was refused: ${await response.text()}`);
}
