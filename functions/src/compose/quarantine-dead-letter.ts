import { firestoreClient } from '../adapters/firestore/client.ts';
import { firestoreQuarantine } from '../adapters/firestore/quarantine.ts';
import { quarantineConfig } from '../config/functions.ts';
import { log } from '../log.ts';
import { createQuarantineDeadLetter, createQuarantineMessage } from '../usecases/quarantine-message.ts';

/**
 * Everything that `quarantineDeadLetter` and `quarantineDeadEngagement` consist of.
 * @param sourceTopic that the dead letters were first published to.
 * @throws ConfigError when the environment has faults.
 */
export function composeQuarantineDeadLetter(sourceTopic: string) {
  const { quarantineRetention } = quarantineConfig(process.env);
  const quarantine = firestoreQuarantine(firestoreClient(), quarantineRetention, Date.now);
  return {
    useCase: createQuarantineDeadLetter({ quarantine, log, sourceTopic }),
    quarantineMessage: createQuarantineMessage({ quarantine, log }),
  };
}
