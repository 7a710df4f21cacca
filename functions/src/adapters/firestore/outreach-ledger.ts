import { FieldValue, Timestamp, type DocumentSnapshot, type Firestore } from '@google-cloud/firestore';
import type { Content } from '../../domain/content.ts';
import type { EmailState, NewEmail } from '../../domain/email.ts';
import type { Outreach } from '../../domain/outreach.ts';
import { RetryableError } from '../../errors.ts';
import type { OutreachLedger, VersionedOutreach } from '../../ports.ts';
import { status, statusOf } from './status.ts';

/** Losing the race for a claim shows in one of these: somebody else has written since the ledger was read. */
const raceLost: readonly (number | undefined)[] = [
  status.alreadyExists,
  status.failedPrecondition,
  status.notFound,
];

/**
 * The ledger of what was sent to whom. `dueAt` stands on exactly the emails that are still open.
 * @param retention how long an email is kept, in ms.
 */
export function firestoreOutreachLedger(firestore: Firestore, retention: number): OutreachLedger {
  const outreachOf = (customerId: string) => firestore.collection('outreach').doc(customerId);
  const emailOf = (emailId: string) => firestore.collection('emails').doc(emailId);
  return {
    async read(customerId) {
      try {
        return versioned(await outreachOf(customerId).get());
      } catch (error) {
        throw new RetryableError('The outreach of a customer could not be read.', { cause: error });
      }
    },

    async claim(email, basedOn) {
      const batch = firestore.batch().create(emailOf(email.emailId), claimedEmail(email, retention));
      const outreach = outreachOf(email.customerId);
      if (basedOn.version === undefined) batch.create(outreach, outreachAfter(email));
      else batch.update(outreach, outreachAfter(email), { lastUpdateTime: basedOn.version as Timestamp });
      try {
        await batch.commit();
        return true;
      } catch (error) {
        if (raceLost.includes(statusOf(error))) return false;
        throw new RetryableError('An email could not be claimed.', { cause: error });
      }
    },

    async settle(emailId, state, content) {
      await emailOf(emailId).update(settledEmail(state, content));
    },
  };
}

function versioned(snapshot: DocumentSnapshot): VersionedOutreach {
  const stored = snapshot.data() as Partial<Outreach> | undefined;
  if (stored === undefined) return { outreach: undefined, version: undefined };
  const nothingSent = { emailsSent: 0, lastClaimedAt: 0, lastEmailId: '', transactionsAnswered: 0 };
  return { outreach: { ...nothingSent, ...stored }, version: snapshot.updateTime };
}

function claimedEmail(email: NewEmail, retention: number) {
  return { ...email, status: 'claimed', expireAt: Timestamp.fromMillis(email.claimedAt + retention) };
}

function outreachAfter({ sequence, claimedAt, emailId, transactionsAnswered }: NewEmail) {
  return { emailsSent: sequence, lastClaimedAt: claimedAt, lastEmailId: emailId, transactionsAnswered };
}

function settledEmail(state: EmailState, content: Content | undefined) {
  return {
    dueAt: FieldValue.delete(),
    ...state,
    ...(content && {
      template: content.template,
      contentId: content.contentId,
      contentSource: content.source,
    }),
  };
}
