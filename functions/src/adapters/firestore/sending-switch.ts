import type { Firestore } from '@google-cloud/firestore';
import type { Clock, SendingSwitch } from '../../ports.ts';

/** How long an instance believes what it has seen, in ms: so long may it take until the last email has left. */
const BELIEVED = 30_000;

/**
 * The document in `outreach` that is there exactly while sending is paused; `npm run pause` writes it. It stands among
 * those of the customers so that the query for one of them shows it too: Firestore bills what a query finds, and at
 * least one read, so that looking costs nothing unless sending is paused.
 * https://cloud.google.com/firestore/pricing
 */
export const EVERYONE = 'everyone';

export interface FirestoreSendingSwitch extends SendingSwitch {
  /** Takes note of what a query has shown. */
  learn(paused: boolean): void;
}

/** The switch in Firestore, read only when nothing has been learnt of it for half a minute. */
export function firestoreSendingSwitch(firestore: Firestore, clock: Clock): FirestoreSendingSwitch {
  let known: { readonly paused: Promise<boolean>; readonly until: number } | undefined;
  const believe = (paused: Promise<boolean>) => {
    known = { paused, until: clock() + BELIEVED };
    return paused;
  };
  return {
    learn: (paused) => void believe(Promise.resolve(paused)),
    isPaused: () =>
      known !== undefined && clock() < known.until ? known.paused : believe(readPaused(firestore)),
  };
}

async function readPaused(firestore: Firestore): Promise<boolean> {
  try {
    return (await firestore.collection('outreach').doc(EVERYONE).get()).exists;
  } catch {
    return true;
  }
}
