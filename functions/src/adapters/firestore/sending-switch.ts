import type { Firestore } from '@google-cloud/firestore';
import type { Clock, SendingSwitch } from '../../ports.ts';

/** How long an instance believes what it has seen, in ms: so long may it take until the last email has left. */
const BELIEVED = 30_000;

/** After how long somebody who reads the outreach of a customer has another look, in ms. */
const LOOKED_AT_AGAIN = 5_000;

/**
 * The document in `outreach` that is there exactly while sending is paused; `npm run pause` writes it. It stands among
 * those of the customers so that the query for one of them shows it too: Firestore bills what a query finds, and at
 * least one read, so that looking costs nothing unless sending is paused.
 * https://cloud.google.com/firestore/pricing
 */
export const EVERYONE = 'everyone';

export interface FirestoreSendingSwitch extends SendingSwitch {
  /** Whether whoever is asking is to look: one of many when it has been a while, and everybody when nothing is known. */
  isYoursToLookAt(): boolean;
  /** Takes note of what a query has shown. */
  learn(paused: boolean): void;
}

/** The switch in Firestore, read only when nothing has been learnt of it for half a minute. */
export function firestoreSendingSwitch(firestore: Firestore, clock: Clock): FirestoreSendingSwitch {
  let known: { readonly paused: Promise<boolean>; readonly until: number } | undefined;
  let lookAgainAt = 0;
  const believed = () => (known !== undefined && clock() < known.until ? known.paused : undefined);
  const believe = (paused: Promise<boolean>) => {
    known = { paused, until: clock() + BELIEVED };
    lookAgainAt = clock() + LOOKED_AT_AGAIN;
    return paused;
  };
  return {
    isYoursToLookAt() {
      if (believed() !== undefined && clock() < lookAgainAt) return false;
      lookAgainAt = clock() + LOOKED_AT_AGAIN;
      return true;
    },
    learn: (paused) => void believe(Promise.resolve(paused)),
    isPaused: () => believed() ?? believe(readPaused(firestore)),
  };
}

async function readPaused(firestore: Firestore): Promise<boolean> {
  try {
    return (await firestore.collection('outreach').doc(EVERYONE).get()).exists;
  } catch {
    return true;
  }
}
