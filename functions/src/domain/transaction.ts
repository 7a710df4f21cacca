import type { EpochMs } from './time.ts';

/** The sources that may report a transaction. */
export const sources = ['smart-fridge', 'mobile-app', 'point-of-sale'] as const;
export type Source = (typeof sources)[number];

/** Where an email address came from: typed at the checkout, or known from the payment card. */
export const emailSources = ['checkout', 'card'] as const;
export type EmailSource = (typeof emailSources)[number];

/** Where a purchase was made, as the source reports it. */
export interface Location {
  readonly id: string;
  readonly name?: string;
  readonly zone?: string;
  /** IANA time zone. */
  readonly timeZone?: string;
}

/** One line of a purchase. */
export interface Item {
  readonly sku: string;
  readonly name?: string;
  readonly category?: string;
  readonly quantity: number;
  /** Minor units of the currency of the transaction's total. */
  readonly unitPrice: number;
}

/** The buyer, as far as the source knows them. */
export interface Buyer {
  /** Normalised: see messages/email-address.ts. */
  readonly email: string;
  readonly emailSource: EmailSource;
  readonly name?: string;
  /** BCP 47 language tag. */
  readonly locale?: string;
}

/** What a source may report besides purchases: money given back, or a purchase that was called off. */
export const reversals = ['refund', 'void'] as const;
export type Reversal = (typeof reversals)[number];

/** One purchase, or the reversal of one, checked and normalised. */
export interface Transaction {
  readonly transactionId: string;
  readonly source: Source;
  readonly occurredAt: EpochMs;
  /** Absent in a purchase. */
  readonly reversal?: Reversal;
  /** Absent when the source does not know an email address. */
  readonly buyer?: Buyer;
  readonly location?: Location;
  readonly items: readonly Item[];
  readonly total: { readonly amount: number; readonly currency: string };
  /** The parts that were unfit and are left out, such as `items[2].name`; absent when there are none. */
  readonly leftOut?: readonly string[];
}
