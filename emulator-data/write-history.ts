import type { Firestore } from '@google-cloud/firestore';
import { firestoreOutreachLedger } from '../functions/src/adapters/firestore/outreach-ledger.ts';
import { firestoreTransactions } from '../functions/src/adapters/firestore/transactions.ts';
import type { Content } from '../functions/src/domain/content.ts';
import { emailIdOf, type EmailState } from '../functions/src/domain/email.ts';
import { customerIdOf } from '../functions/src/domain/identity.ts';
import { transactionRecord } from '../functions/src/domain/transaction-record.ts';
import type { Buyer, Transaction } from '../functions/src/domain/transaction.ts';
import { LOCAL_HASH_KEY } from '../operations/target/local-stack.ts';
import { buyer, purchase } from './people.ts';
import type { Random } from './random.ts';
import type { EmailHistory, CustomerHistory } from './histories.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long the functions keep transactions and emails by default (docs/configuration.md). */
const TRANSACTION_RETENTION = 730 * DAY;
const EMAIL_RETENTION = 400 * DAY;

/** One customer with their history. */
export interface SeedCustomer {
  readonly history: CustomerHistory;
  readonly who: Buyer;
  readonly purchases: readonly Transaction[];
}

/** @param number makes the address unique. @param now the moment of the seed, in epoch milliseconds. */
export function seedCustomer(
  history: CustomerHistory,
  number: number,
  now: number,
  random: Random,
): SeedCustomer {
  const who = buyer(number, random);
  const local = who.email.split('@')[0] ?? '';
  const purchases = history.purchases.map((hours, index) =>
    purchase(`SEED-${local}-${index + 1}`, who, now - hours * HOUR, random),
  );
  return { history, who, purchases };
}

/** Writes one customer's history with the code of the functions, so that the documents have the right shape. */
export async function writeHistory(
  firestore: Firestore,
  { history, who, purchases }: SeedCustomer,
  now: number,
): Promise<void> {
  const customerId = customerIdOf(who.email, LOCAL_HASH_KEY);
  await recordPurchases(firestore, history, purchases);
  for (const [index, email] of history.emails.entries()) {
    await sendEmail(firestore, history, email, customerId, index + 1, now);
  }
  await addOtherFacts(firestore, history, who, customerId, now);
}

async function recordPurchases(
  firestore: Firestore,
  { control }: CustomerHistory,
  purchases: readonly Transaction[],
): Promise<void> {
  const store = firestoreTransactions(firestore);
  const policy = {
    hashKey: LOCAL_HASH_KEY,
    controlGroupShare: control === true ? 1 : 0,
    transactionRetention: TRANSACTION_RETENTION,
  };
  for (const transaction of purchases) {
    await store.record(transactionRecord(transaction, policy, transaction.occurredAt));
  }
}

async function sendEmail(
  firestore: Firestore,
  { purchases }: CustomerHistory,
  { claimed, stage, status }: EmailHistory,
  customerId: string,
  sequence: number,
  now: number,
): Promise<void> {
  const ledger = firestoreOutreachLedger(firestore, EMAIL_RETENTION);
  const at = now - claimed * HOUR;
  const emailId = emailIdOf(customerId, sequence);
  const transactionsAnswered = purchases.filter((hours) => hours >= claimed).length;
  const attempt = { claimedAt: at, attemptedAt: at, attempts: 1, dueAt: at + HOUR };
  const email = { emailId, customerId, sequence, stage, transactionsAnswered, ...attempt };
  await ledger.claim(email, await ledger.read(customerId));
  await ledger.settle(emailId, stateOf(status, emailId, at), contentOf(stage, sequence));
}

function stateOf(status: EmailState['status'], emailId: string, at: number): EmailState {
  const reason = 'of the seed';
  switch (status) {
    case 'accepted':
      return { status, acceptedAt: at, messageId: `seed-${emailId}` };
    case 'rejected':
      return { status, rejectedAt: at, reason };
    case 'deferred':
    case 'unknown':
      return { status, dueAt: at + HOUR, reason };
  }
}

function contentOf(stage: EmailHistory['stage'], sequence: number): Content {
  const [template, contents] =
    stage === 'registered'
      ? ['first-steps', ['first-steps-community', 'first-steps-class']]
      : ['join', ['join-welcome', 'join-kitchen', 'join-neighbours', 'join-first-look']];
  const contentId = contents[(sequence - 1) % contents.length] ?? '';
  return { contentId, source: 'static', template, subject: '', variables: {} };
}

/** Writes the effects of sign-ups, activity, bounces and unsubscribing. */
async function addOtherFacts(
  firestore: Firestore,
  { signedUp, firstActivity, suppressed }: CustomerHistory,
  { email, name, locale }: Buyer,
  customerId: string,
  now: number,
): Promise<void> {
  const customer = firestore.collection('customers').doc(customerId);
  if (signedUp !== undefined) {
    const person = { email, name: name ?? null, locale: locale ?? null };
    await customer.set({ ...person, group: 'outreach', signedUpAt: now - signedUp * HOUR }, { merge: true });
  }
  if (firstActivity !== undefined) await customer.update({ firstActivityAt: now - firstActivity * HOUR });
  if (suppressed !== undefined) {
    const suppressions = { [suppressed.reason]: now - suppressed.at * HOUR };
    await firestore.collection('outreach').doc(customerId).set({ suppressions }, { merge: true });
  }
}
