import { firestoreClient } from '../adapters/firestore/client.ts';
import { firestoreQuarantine } from '../adapters/firestore/quarantine.ts';
import { parseEnvironment } from '../config/environment.ts';
import { quarantineVariables } from '../config/variables.ts';
import type { DeadLetter } from '../domain/quarantine.ts';
import { log } from '../log.ts';
import { createQuarantineMessage } from '../usecases/quarantine-message.ts';

/**
 * Composes `quarantineDeadLetter` and `quarantineDeadEngagement`.
 * @param sourceTopic the topic that the dead letters come from and are replayed to.
 * @throws ConfigError when the environment has faults.
 */
export function composeQuarantineDeadLetter(sourceTopic: string) {
  const retention = parseEnvironment(quarantineVariables, process.env).QUARANTINE_RETENTION;
  const quarantine = firestoreQuarantine(firestoreClient(), retention, Date.now, sourceTopic);
  const quarantineMessage = createQuarantineMessage({ quarantine, log });
  const useCase = ({ message, fault }: DeadLetter) => quarantineMessage(message, fault);
  return { useCase, quarantineMessage };
}
