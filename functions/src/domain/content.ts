import type { LatestTransaction, MailedStage } from './customer.ts';

/** The languages in which emails are written. English is the fallback. */
export const locales = ['en', 'es'] as const;
export type Locale = (typeof locales)[number];

/** What decided what an email says. */
export type ContentSourceName = 'analytics' | 'static';

/** Values for the variables of a template, by name. Only the template that declares them knows their shapes. */
type ContentVariables = Readonly<Record<string, unknown>>;

/** What one email says. */
export interface Content {
  readonly contentId: string;
  readonly source: ContentSourceName;
  /** Name of a folder below `templates/`. */
  readonly template: string;
  readonly subject: string;
  /** Checked against what the template declares. */
  readonly variables: ContentVariables;
}

/** What Analytics proposes to say. Its form is checked; whether its variables fit the template is not. */
export interface ProposedContent {
  readonly contentId: string;
  readonly template: string;
  /** The template's own subject takes its place when it is absent. */
  readonly subject?: string;
  readonly variables: ContentVariables;
}

/** What the choice of content may depend on. It identifies no person: the customer ID is a pseudonym. */
export interface ContentQuestion {
  readonly customerId: string;
  readonly stage: MailedStage;
  readonly locale: Locale;
  /** Which email to this customer it is, counted from 1. */
  readonly sequence: number;
  readonly transaction?: LatestTransaction;
}

/** The language in which to write, for a customer's BCP 47 tag: `es-MX` reads Spanish, unknown languages English. */
export function localeFor(tag: string | undefined): Locale {
  const language = tag?.toLowerCase().split(/[-_]/u)[0];
  return locales.find((locale) => locale === language) ?? 'en';
}
