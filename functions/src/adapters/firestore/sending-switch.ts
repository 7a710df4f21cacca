import type { Firestore } from '@google-cloud/firestore';
import type { Clock, SendingSwitch } from '../../ports.ts';

/** How long an instance believes what it has read, in ms: so long may it take until the last email has left. */
const BELIEVED = 30_000;

/** The document that `npm run pause` writes. */
export const SENDING_SETTINGS = 'settings/sending';

/** The switch in Firestore, read at most once per instance in half a minute, however many emails there are. */
export function firestoreSendingSwitch(firestore: Firestore, clock: Clock): SendingSwitch {
  let known: { readonly paused: Promise<boolean>; readonly until: number } | undefined;
  return {
    isPaused() {
      if (known === undefined || clock() >= known.until) {
        known = { paused: readPaused(firestore), until: clock() + BELIEVED };
      }
      return known.paused;
    },
  };
}

async function readPaused(firestore: Firestore): Promise<boolean> {
  try {
    return (await firestore.doc(SENDING_SETTINGS).get()).get('paused') === true;
  } catch {
    return true;
  }
}
