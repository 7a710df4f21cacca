import type { Firestore } from '@google-cloud/firestore';
import type { ContentSourceName } from '../../functions/src/domain/content.ts';
import { humanClickedAt, type DeliveryFacts } from '../../functions/src/domain/delivery.ts';
import { streamOf } from '../target/queries.ts';
import type { Period } from './period.ts';

/** What is read of an accepted email. Times are epoch milliseconds. */
export interface AcceptedEmail {
  /** Absent when the function crashed between sending the email and recording its content. */
  readonly template?: string;
  readonly contentSource?: ContentSourceName;
  /** Present when SendGrid's webhook has reported about it. */
  readonly heardOfAt?: number;
  readonly delivery?: DeliveryFacts;
  /** Present when a sign-up is credited to it. */
  readonly convertedAt?: number;
}

/** The results of the emails with the same template and content source. */
export interface EmailResults {
  readonly template: string;
  readonly contentSource: ContentSourceName | 'unknown';
  readonly accepted: number;
  /** How many SendGrid's webhook has reported about. Whether the others were delivered is unknown. */
  readonly heardOf: number;
  readonly delivered: number;
  /** By a person. */
  readonly clicked: number;
  readonly conversions: number;
}

/** Sums up emails by template and content source. */
export class EmailTally {
  readonly #results = new Map<string, EmailResults>();

  add(email: AcceptedEmail): void {
    const { template = 'unknown', contentSource = 'unknown', heardOfAt, delivery = {}, convertedAt } = email;
    const key = `${template} ${contentSource}`;
    const soFar = this.#results.get(key);
    const more = (before: number | undefined, happened: boolean): number =>
      (before ?? 0) + (happened ? 1 : 0);
    this.#results.set(key, {
      template,
      contentSource,
      accepted: more(soFar?.accepted, true),
      heardOf: more(soFar?.heardOf, heardOfAt !== undefined),
      delivered: more(soFar?.delivered, delivery.deliveredAt !== undefined),
      clicked: more(soFar?.clicked, humanClickedAt(delivery) !== undefined),
      conversions: more(soFar?.conversions, convertedAt !== undefined),
    });
  }

  /** Sorted by name. */
  get results(): EmailResults[] {
    return [...this.#results].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
  }
}

/** Sums up the emails that were accepted in the period. Costs one read for each. */
export async function sumUpEmails(firestore: Firestore, { from, until }: Period): Promise<EmailResults[]> {
  const tally = new EmailTally();
  const emails = firestore
    .collection('emails')
    .where('acceptedAt', '>=', from)
    .where('acceptedAt', '<', until)
    .select('template', 'contentSource', 'heardOfAt', 'delivery', 'convertedAt');
  for await (const email of streamOf(emails)) tally.add(email.data());
  return tally.results;
}
