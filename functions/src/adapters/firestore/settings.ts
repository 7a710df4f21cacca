import type { Firestore } from '@google-cloud/firestore';
import { SECOND, type Clock, type EpochMs } from '../../domain/time.ts';
import type { SendingSwitch } from '../../ports.ts';

/** How long an instance caches the settings: the longest time until a pause takes effect everywhere. */
const CACHE_TIME = 30 * SECOND;

/** `settings/sending`. Without the document, sending is not paused. */
export interface SendingSettings {
  readonly paused: boolean;
  readonly since: EpochMs;
  /** The reason given by the person who paused or resumed. */
  readonly why?: string;
}

/** The document with which an operator pauses and resumes all sending. */
export function sendingSettings(firestore: Firestore) {
  return firestore.collection('settings').doc('sending');
}

/**
 * The switch in Firestore, read at most once in half a minute. A failure to read it counts as a pause and is not cached: the
 * next email reads it again.
 */
export function firestoreSendingSwitch(firestore: Firestore, clock: Clock): SendingSwitch {
  let cached: { readonly paused: Promise<boolean>; readonly until: EpochMs } | undefined;

  async function readPaused(): Promise<boolean> {
    try {
      return (await sendingSettings(firestore).get()).get('paused') === true;
    } catch {
      cached = undefined;
      return true;
    }
  }

  return {
    isPaused() {
      if (cached === undefined || clock() >= cached.until) {
        cached = { paused: readPaused(), until: clock() + CACHE_TIME };
      }
      return cached.paused;
    },
  };
}
