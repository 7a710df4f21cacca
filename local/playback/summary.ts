import type { Firestore, Query } from '@google-cloud/firestore';
import { countOf } from '../../operations/target/queries.ts';
import { plural } from '../../operations/terminal/format.ts';
import type { PurchaseTracker } from './purchase-tracker.ts';

/** What became of the purchases of one run. */
export interface Summary {
  readonly published: number;
  readonly recorded: number;
  readonly duplicates: number;
  /** Refunds and voids. */
  readonly reversals: number;
  readonly quarantined: number;
  readonly withoutEmail: number;
  readonly customers: number;
  readonly emailsAccepted: number;
  /** Emails that reached a mailbox. */
  readonly delivered: number;
  /** Emails that won a sign-up. */
  readonly conversions: number;
  /** Customers who get no more emails. */
  readonly suppressed: number;
  /** Decisions that sent no email, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Emails by the source of their content. */
  readonly content: { readonly analytics: number; readonly static: number };
}

/** Counts on a stack that was empty before the run: what is stored from the database, the rest from the logs. */
export async function summarize(
  firestore: Firestore,
  published: number,
  tracker: PurchaseTracker,
): Promise<Summary> {
  const all = (collection: string): Query => firestore.collection(collection);
  const emails = all('emails');
  return {
    published,
    recorded: await countOf(all('transactions')),
    duplicates: tracker.count('duplicate'),
    reversals: tracker.count('reversal'),
    quarantined: await countOf(all('quarantine')),
    withoutEmail: await countOf(all('transactions').where('customerId', '==', null)),
    customers: await countOf(all('customers')),
    emailsAccepted: await countOf(emails.where('status', '==', 'accepted')),
    delivered: await countOf(emails.where('delivery.deliveredAt', '>', 0)),
    conversions: await countOf(emails.where('convertedAt', '>', 0)),
    // In Firestore's order, a map with entries comes after an empty one.
    suppressed: await countOf(all('outreach').where('suppressions', '>', {})),
    skipped: tracker.skipped,
    content: {
      analytics: await countOf(emails.where('contentSource', '==', 'analytics')),
      static: await countOf(emails.where('contentSource', '==', 'static')),
    },
  };
}

/** The summary as it is printed. */
export function summaryText(summary: Summary): string {
  const { published, recorded, duplicates, quarantined, withoutEmail, customers, emailsAccepted } = summary;
  const rows: [number, string][] = [
    [published, `${plural(published, 'purchase')} published`],
    [recorded, `recorded (${withoutEmail} without an email address)`],
    [duplicates, `${plural(duplicates, 'duplicate')}, which changed nothing`],
    [
      summary.reversals,
      `${summary.reversals === 1 ? 'refund or void' : 'refunds and voids'}, which changed nothing`,
    ],
    [quarantined, 'quarantined, each with its reason'],
    [customers, plural(customers, 'customer')],
    [emailsAccepted, `${plural(emailsAccepted, 'email')} accepted`],
    [summary.delivered, '  reached a mailbox'],
    [summary.conversions, '  won a sign-up'],
    [summary.content.analytics, '  with content that Analytics chose'],
    [summary.content.static, '  with content from the static catalogue'],
    [
      summary.suppressed,
      `${plural(summary.suppressed, 'customer')} who ${summary.suppressed === 1 ? 'gets' : 'get'} no more emails`,
    ],
    ...Object.entries(summary.skipped).map(([reason, times]): [number, string] => [
      times,
      `${plural(times, 'time')} no email: ${reason}`,
    ]),
  ];
  return rows.map(([number, text]) => `${String(number).padStart(7)}  ${text}`).join('\n');
}
