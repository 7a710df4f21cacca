import {
  FieldPath,
  FieldValue,
  Timestamp,
  type CollectionReference,
  type DocumentData,
  type DocumentSnapshot,
  type Firestore,
  type QueryDocumentSnapshot,
  type UpdateData,
} from '@google-cloud/firestore';
import type { Content } from '../../domain/content.ts';
import type { ClaimedEmail, EmailState, OpenEmail } from '../../domain/email.ts';
import type { Outreach } from '../../domain/outreach.ts';
import type { DueFirstSteps, OutreachLedger, Versioned } from '../../ports.ts';
import { retryable } from './retryable.ts';
import { EVERYONE, type FirestoreSendingSwitch } from './sending-switch.ts';
import { status, statusOf } from './status.ts';

/**
 * The ledger of what was sent to whom. `dueAt` stands on exactly the emails that are still open, so that finding
 * those takes no more than Firestore's own index of that field.
 * @param retention how long an email is kept, in ms.
 * @param sendingSwitch learns, at no cost, whether sending is paused whenever an outreach is read.
 */
export function firestoreOutreachLedger(
  firestore: Firestore,
  retention: number,
  sendingSwitch?: FirestoreSendingSwitch,
): OutreachLedger {
  const everyOutreach = firestore.collection('outreach');
  const outreachOf = (customerId: string) => everyOutreach.doc(customerId);
  const emails = firestore.collection('emails');
  /** Whoever has changed the outreach meanwhile has changed the grounds: the next run looks again. */
  const updateFirstSteps = ({ customerId, outreach }: DueFirstSteps, change: UpdateData<Outreach>) =>
    retryable('When to show the first steps could not be written.', async () => {
      await unlessBeaten(outreachOf(customerId).update(change, unchangedSince(outreach)));
    });
  return {
    read: (customerId) =>
      retryable('The outreach of a customer could not be read.', async () => {
        const found = sendingSwitch?.isYoursToLookAt()
          ? await foundLookingAround(everyOutreach, customerId, sendingSwitch)
          : await outreachOf(customerId).get();
        return versionedOutreach(found);
      }),

    claim: (email, basedOn) =>
      retryable('An email could not be claimed.', () => {
        const batch = firestore.batch().create(emails.doc(email.emailId), claimedEmail(email, retention));
        const outreach = outreachOf(email.customerId);
        if (basedOn.version === undefined) batch.create(outreach, outreachAfter(email));
        else batch.update(outreach, outreachAfter(email), unchangedSince(basedOn));
        return unlessBeaten(batch.commit());
      }),

    settle: (emailId, state, content) =>
      retryable('The state of an email could not be written.', async () => {
        await emails.doc(emailId).update(settledEmail(state, content));
      }),

    dueEmails: (now, limit) =>
      retryable('The open emails could not be read.', async () => {
        const due = await emails.where('dueAt', '<=', now).orderBy('dueAt').limit(limit).get();
        return due.docs.map((found) => ({ value: found.data() as OpenEmail, version: found.updateTime }));
      }),

    takeUp: ({ emailId, attempts, attemptedAt, dueAt }, due) =>
      retryable('An open email could not be taken up.', () => {
        const another = { status: 'claimed', attempts, attemptedAt, dueAt };
        return unlessBeaten(emails.doc(emailId).update(another, unchangedSince(due)));
      }),

    settleUnchanged: (due, state) =>
      retryable('The state of an open email could not be written.', () =>
        unlessBeaten(
          emails.doc(due.value.emailId).update(settledEmail(state, undefined), unchangedSince(due)),
        ),
      ),

    dueFirstSteps: (now, limit) =>
      retryable('The customers to show the first steps could not be read.', async () => {
        const dueBy = everyOutreach.where('firstStepsDueAt', '<=', now).orderBy('firstStepsDueAt');
        return (await dueBy.limit(limit).get()).docs.map(dueFirstSteps);
      }),

    postponeFirstSteps: (due, until) => updateFirstSteps(due, { firstStepsDueAt: until }),
    dropFirstSteps: (due) => updateFirstSteps(due, { firstStepsDueAt: FieldValue.delete() }),
  };
}

/** A customer's outreach, if there is one, by a query that shows a pause too. */
async function foundLookingAround(
  everyOutreach: CollectionReference,
  customerId: string,
  sendingSwitch: FirestoreSendingSwitch,
): Promise<DocumentSnapshot | undefined> {
  const { docs } = await everyOutreach.where(FieldPath.documentId(), 'in', [customerId, EVERYONE]).get();
  sendingSwitch.learn(docs.some(({ id }) => id === EVERYONE));
  return docs.find(({ id }) => id === customerId);
}

/** Somebody else having written first shows in one of these. */
const beaten: readonly (number | undefined)[] = [
  status.alreadyExists,
  status.failedPrecondition,
  status.notFound,
];

async function unlessBeaten(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (beaten.includes(statusOf(error))) return false;
    throw error;
  }
}

function unchangedSince({ version }: Versioned<unknown>) {
  return { lastUpdateTime: version as Timestamp };
}

function versionedOutreach(found: DocumentSnapshot | undefined): Versioned<Outreach | undefined> {
  const stored = found?.data();
  return { value: stored && outreachFrom(stored), version: found?.updateTime };
}

function dueFirstSteps(found: QueryDocumentSnapshot): DueFirstSteps {
  return {
    customerId: found.id,
    outreach: { value: outreachFrom(found.data()), version: found.updateTime },
  };
}

/** The document may have been begun by a fact that came before any email. */
function outreachFrom(stored: DocumentData): Outreach {
  return { emailsSent: 0, lastClaimedAt: 0, lastEmailId: '', transactionsAnswered: 0, ...stored };
}

function claimedEmail(email: ClaimedEmail, retention: number) {
  return { ...email, status: 'claimed', expireAt: Timestamp.fromMillis(email.claimedAt + retention) };
}

function outreachAfter({ sequence, claimedAt, emailId, transactionsAnswered, occasion }: ClaimedEmail) {
  return {
    emailsSent: sequence,
    lastClaimedAt: claimedAt,
    lastEmailId: emailId,
    transactionsAnswered,
    ...(occasion === 'sign-up' && { firstStepsDueAt: FieldValue.delete(), firstStepsClaimedAt: claimedAt }),
  };
}

function settledEmail(state: EmailState, content: Content | undefined) {
  return {
    dueAt: FieldValue.delete(),
    reason: FieldValue.delete(),
    ...state,
    ...(content && {
      template: content.template,
      contentId: content.contentId,
      contentSource: content.source,
    }),
  };
}
