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
  /** How many emails reached a mailbox. */
  readonly delivered: number;
  /** How many emails won a sign-up. */
  readonly conversions: number;
  /** How many customers are not written to again. */
  readonly suppressed: number;
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
  const emails = all('emails');
  return {
    published,
    recorded: await count(all('transactions')),
    duplicates,
    quarantined: await count(all('quarantine')),
    withoutEmail: await count(all('transactions').where('customerId', '==', null)),
    customers: await count(all('customers')),
    emailsAccepted: await count(emails.where('status', '==', 'accepted')),
    delivered: await count(emails.where('delivery.deliveredAt', '>', 0)),
    conversions: await count(emails.where('convertedAt', '>', 0)),
    // A map with anything in it comes after an empty one.
    suppressed: await count(all('outreach').where('suppressions', '>', {})),
    skipped,
    content: {
      analytics: await count(emails.where('contentSource', '==', 'analytics')),
      static: await count(emails.where('contentSource', '==', 'static')),
    },
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
    [emailsAccepted, 'emails accepted'],
    [summary.delivered, '  reached a mailbox'],
    [summary.conversions, '  won a sign-up'],
    [summary.content.analytics, '  said what Analytics chose'],
    [summary.content.static, '  said what the static catalogue holds'],
    [summary.suppressed, 'customers who are not written to again'],
    ...Object.entries(summary.skipped).map(([reason, times]): [number, string] => [
      times,
      `times no email: ${reason}`,
    ]),
  ];
  return rows.map(([number, text]) => `${String(number).padStart(7)}  ${text}`).join('\n');
}
