import type { Firestore } from '@google-cloud/firestore';
import { SECOND, type Clock, type EpochMs } from '../../domain/time.ts';
import type { SendingSwitch } from '../../ports.ts';

/** For how long an instance remembers what it has read: the longest time until a pause is seen everywhere. */
const REMEMBERED = 30 * SECOND;

/** `settings/sending`. Without the document, sending is not paused. */
export interface SendingSettings {
  readonly paused: boolean;
  readonly since: EpochMs;
  /** In the words of the person who paused or resumed. */
  readonly why?: string;
}

/** Where a person pauses all sending, and resumes it. */
export function sendingSettings(firestore: Firestore) {
  return firestore.collection('settings').doc('sending');
}

/**
 * The switch in Firestore, read at most once in half a minute. A failure to read it counts as a pause and is not remembered:
 * the next email asks again.
 */
export function firestoreSendingSwitch(firestore: Firestore, clock: Clock): SendingSwitch {
  let remembered: { readonly paused: Promise<boolean>; readonly until: EpochMs } | undefined;

  async function readPaused(): Promise<boolean> {
    try {
      return (await sendingSettings(firestore).get()).get('paused') === true;
    } catch {
      remembered = undefined;
      return true;
    }
  }

  return {
    isPaused() {
      if (remembered === undefined || clock() >= remembered.until) {
        remembered = { paused: readPaused(), until: clock() + REMEMBERED };
      }
      return remembered.paused;
    },
  };
}
