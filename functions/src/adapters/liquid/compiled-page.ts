import * as z from 'zod';
import { locales } from '../../domain/content.ts';
import { choices } from '../../domain/subscription.ts';

/** The views of the unsubscribe page. */
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

const text = z.string().min(1);

/** The texts of the page in one language: Liquid, with the variables that `phrases.yaml` names. */
const pagePhrases = z.strictObject({
  /** The language's own name. */
  language: text,
  addressLabel: text,
  views: z.record(z.enum(pageViews), z.strictObject({ title: text, paragraphs: z.array(text).nonempty() })),
  buttons: z.record(z.enum(choices), text),
  notes: z.partialRecord(z.enum(choices), text),
});
export type PagePhrases = z.infer<typeof pagePhrases>;

export const pagePhrasesSchema = z.record(z.enum(locales), pagePhrases);

/** The page as `npm run templates` compiles it. */
export const compiledPage = z.strictObject({
  html: z.string(),
  style: z.string(),
  phrases: pagePhrasesSchema,
});
export type CompiledPage = z.infer<typeof compiledPage>;
