import * as z from 'zod';
import { locales } from '../../domain/content.ts';
import { choices } from '../../domain/subscription.ts';

/** What the page behind the unsubscribe link may say. */
const pageViews = [
  'subscribed',
  'resumed',
  'paused',
  'stopped',
  'unreachable',
  'incompleteLink',
  'tryLater',
] as const;
export type PageView = (typeof pageViews)[number];

const words = z.string().min(1);

/** The words of the page in one language: Liquid, with the variables that `phrases.yaml` names. */
const pagePhrases = z.strictObject({
  /** The language's own name. */
  language: words,
  addressLabel: words,
  views: z.record(z.enum(pageViews), z.strictObject({ title: words, paragraphs: z.array(words).nonempty() })),
  buttons: z.record(z.enum(choices), words),
  notes: z.partialRecord(z.enum(choices), words),
});
export type PagePhrases = z.infer<typeof pagePhrases>;

export const pagePhrasesSchema = z.record(z.enum(locales), pagePhrases);

/** The page as `npm run templates` leaves it. */
export const compiledPage = z.strictObject({
  html: z.string(),
  style: z.string(),
  phrases: pagePhrasesSchema,
});
export type CompiledPage = z.infer<typeof compiledPage>;
