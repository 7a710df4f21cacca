import {
  FieldValue,
  Timestamp,
  type DocumentData,
  type DocumentSnapshot,
  type Firestore,
  type QueryDocumentSnapshot,
  type UpdateData,
} from '@google-cloud/firestore';
import type { Content } from '../../domain/content.ts';
import type { ClaimedEmail, EmailState, OpenEmail } from '../../domain/email.ts';
import type { Outreach } from '../../domain/outreach.ts';
import type { Millis } from '../../domain/time.ts';
import type { DueFirstSteps, OutreachLedger, Versioned } from '../../ports.ts';
import { tryFirestore, status, statusOf, unlessGone } from './client.ts';

/**
 * The ledger of all emails. Only open emails have a `dueAt`, so that Firestore's automatic index of that field finds them.
 * @param retention how long an email is kept.
 */
export function firestoreOutreachLedger(firestore: Firestore, retention: Millis): OutreachLedger {
  const everyOutreach = firestore.collection('outreach');
  const outreachOf = (customerId: string) => everyOutreach.doc(customerId);
  const emails = firestore.collection('emails');
  /** A changed outreach may change the decision, so it is left to the next run. */
  const updateFirstSteps = ({ customerId, outreach }: DueFirstSteps, change: UpdateData<Outreach>) =>
    tryFirestore('When to show the first steps could not be written.', async () => {
      await withoutConflict(outreachOf(customerId).update(change, unchangedSince(outreach)));
    });
  return {
    read: (customerId) =>
      tryFirestore('The outreach of a customer could not be read.', async () => {
        const found = await outreachOf(customerId).get();
        const stored = found.data();
        return { value: stored && outreachFrom(stored), version: versionOf(found) };
      }),

    claim: (email, basedOn) =>
      tryFirestore('An email could not be claimed.', () => {
        const batch = firestore.batch().create(emails.doc(email.emailId), claimDocument(email, retention));
        const outreach = outreachOf(email.customerId);
        if (basedOn.version === undefined) batch.create(outreach, outreachAfter(email));
        else batch.update(outreach, outreachAfter(email), unchangedSince(basedOn));
        return withoutConflict(batch.commit());
      }),

    settle: (emailId, state, content) =>
      tryFirestore('The state of an email could not be written.', async () => {
        await unlessGone(emails.doc(emailId).update(settledEmail(state, content)));
      }),

    dueEmails: (now, limit) =>
      tryFirestore('The open emails could not be read.', async () => {
        const due = await emails.where('dueAt', '<=', now).orderBy('dueAt').limit(limit).get();
        return due.docs.map((found) => ({ value: found.data() as OpenEmail, version: versionOf(found) }));
      }),

    takeUp: ({ emailId, attempts, attemptedAt, dueAt }, due) =>
      tryFirestore('An open email could not be taken up.', () => {
        const another = { status: 'claimed', attempts, attemptedAt, dueAt };
        return withoutConflict(emails.doc(emailId).update(another, unchangedSince(due)));
      }),

    settleUnchanged: (due, state) =>
      tryFirestore('The state of an open email could not be written.', () =>
        withoutConflict(
          emails.doc(due.value.emailId).update(settledEmail(state, undefined), unchangedSince(due)),
        ),
      ),

    dueFirstSteps: (now, limit) =>
      tryFirestore('The customers to show the first steps could not be read.', async () => {
        const dueBy = everyOutreach.where('firstStepsDueAt', '<=', now).orderBy('firstStepsDueAt');
        return (await dueBy.limit(limit).get()).docs.map(dueFirstSteps);
      }),

    postponeFirstSteps: (due, until) => updateFirstSteps(due, { firstStepsDueAt: until }),
    dropFirstSteps: (due) => updateFirstSteps(due, { firstStepsDueAt: FieldValue.delete() }),
  };
}

/** The errors of a write that lost to another one. */
const conflicts: readonly (number | undefined)[] = [
  status.alreadyExists,
  status.failedPrecondition,
  status.notFound,
];

async function withoutConflict(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (conflicts.includes(statusOf(error))) return false;
    throw error;
  }
}

/** The time of the last update, to the nanosecond. Undefined when there is no document. */
function versionOf({ updateTime }: DocumentSnapshot): string | undefined {
  return updateTime && `${updateTime.seconds}.${updateTime.nanoseconds}`;
}

function unchangedSince({ version = '' }: Versioned<unknown>) {
  const [seconds, nanoseconds] = version.split('.').map(Number);
  return { lastUpdateTime: new Timestamp(seconds ?? 0, nanoseconds ?? 0) };
}

function dueFirstSteps(found: QueryDocumentSnapshot): DueFirstSteps {
  return {
    customerId: found.id,
    outreach: { value: outreachFrom(found.data()), version: versionOf(found) },
  };
}

/** A sign-up or a suppression may have created the document before the first email. */
function outreachFrom(stored: DocumentData): Outreach {
  return { emailsSent: 0, lastClaimedAt: 0, lastEmailId: '', transactionsAnswered: 0, ...stored };
}

function claimDocument(email: ClaimedEmail, retention: Millis) {
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
