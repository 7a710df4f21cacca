import type { LatestTransaction, Stage } from './customer.ts';

/** The languages emails are written in. English is the fallback. */
export const locales = ['en', 'es'] as const;
export type Locale = (typeof locales)[number];

/** Who decided what to say. */
export type ContentSourceName = 'analytics' | 'static';

/** What to say in one email. */
export interface Content {
  readonly contentId: string;
  readonly source: ContentSourceName;
  /** Name of a folder below `templates/`. */
  readonly template: string;
  readonly subject: string;
  /** Checked against what the template declares. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the choice of content may depend on. It names nobody: the customer ID is a pseudonym. */
export interface ContentQuestion {
  readonly customerId: string;
  readonly stage: Exclude<Stage, 'engaged'>;
  readonly locale: Locale;
  /** The how-manieth email to this customer, from 1. */
  readonly sequence: number;
  readonly transaction?: LatestTransaction;
}

/** The language an email is written in, for a customer's BCP 47 tag: `es-MX` reads Spanish, unknown ones English. */
export function localeFor(tag: string | undefined): Locale {
  const language = tag?.toLowerCase().split(/[-_]/u)[0];
  return locales.find((locale) => locale === language) ?? 'en';
}
