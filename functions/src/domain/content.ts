import type { LatestTransaction, MailedStage } from './customer.ts';

/** The languages in which emails are written. English is the fallback. */
export const locales = ['en', 'es'] as const;
export type Locale = (typeof locales)[number];

/** The origin of the content of an email. */
export type ContentSourceName = 'analytics' | 'static';

/** Values for the variables of a template, by name. Only the template that declares them knows their shapes. */
type ContentVariables = Readonly<Record<string, unknown>>;

/** The content of one email. */
export interface Content {
  readonly contentId: string;
  readonly source: ContentSourceName;
  /** Name of a folder below `templates/`. */
  readonly template: string;
  readonly subject: string;
  /** Checked against what the template declares. */
  readonly variables: ContentVariables;
}

/** The content that Analytics proposes. Its format is checked; whether its variables fit the template is not. */
export interface ProposedContent {
  readonly contentId: string;
  readonly template: string;
  /** When it is absent, the email has the template's own subject. */
  readonly subject?: string;
  readonly variables: ContentVariables;
}

/** The facts that the content may depend on. They identify no person: the customer ID is a pseudonym. */
export interface ContentQuestion {
  readonly customerId: string;
  readonly stage: MailedStage;
  readonly locale: Locale;
  /** Which email to this customer it is, counted from 1. */
  readonly sequence: number;
  readonly transaction?: LatestTransaction;
}

/** The language of an email for a customer's BCP 47 tag: Spanish for `es-MX`, English for an unknown language. */
export function localeFor(tag: string | undefined): Locale {
  const language = tag?.toLowerCase().split(/[-_]/u)[0];
  return locales.find((locale) => locale === language) ?? 'en';
}
