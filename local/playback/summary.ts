import type { Firestore, Query } from '@google-cloud/firestore';
import type { Settlement } from './settlement.ts';

/** What became of the purchases of one run: the counts from what is stored, the rest from what was logged. */
export interface Summary {
  readonly published: number;
  readonly recorded: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly withoutEmail: number;
  readonly customers: number;
  readonly emailsAccepted: number;
  /** How often a buyer was not written to, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** How many emails said what Analytics chose, and how many what the static catalogue holds. */
  readonly content: { readonly analytics: number; readonly static: number };
}

/** Counts on a stack that was empty before the run. */
export async function summarize(
  firestore: Firestore,
  published: number,
  { duplicates, skipped }: Settlement,
): Promise<Summary> {
  const all = (collection: string): Query => firestore.collection(collection);
  const [recorded, quarantined, withoutEmail, customers, emailsAccepted, analytics, fromCatalogue] =
    await Promise.all([
      count(all('transactions')),
      count(all('quarantine')),
      count(all('transactions').where('customerId', '==', null)),
      count(all('customers')),
      count(all('emails').where('status', '==', 'accepted')),
      count(all('emails').where('contentSource', '==', 'analytics')),
      count(all('emails').where('contentSource', '==', 'static')),
    ]);
  const content = { analytics, static: fromCatalogue };
  return {
    published,
    recorded,
    duplicates,
    quarantined,
    withoutEmail,
    customers,
    emailsAccepted,
    skipped,
    content,
  };
}

async function count(query: Query): Promise<number> {
  const answer = await query.count().get();
  return answer.data().count;
}

/** The summary as a person reads it. */
export function inWords(summary: Summary): string {
  const { published, recorded, duplicates, quarantined, withoutEmail, customers, emailsAccepted } = summary;
  const rows: [number, string][] = [
    [published, 'purchases published'],
    [recorded, `recorded (${withoutEmail} without an email address)`],
    [duplicates, 'duplicates, which changed nothing'],
    [quarantined, 'quarantined, each with its reason'],
    [customers, 'customers'],
    [emailsAccepted, 'emails in the inbox'],
    [summary.content.analytics, '  said what Analytics chose'],
    [summary.content.static, '  said what the static catalogue holds'],
    ...Object.entries(summary.skipped).map(([reason, times]): [number, string] => [
      times,
      `times no email: ${reason}`,
    ]),
  ];
  return rows.map(([number, text]) => `${String(number).padStart(7)}  ${text}`).join('\n');
}
