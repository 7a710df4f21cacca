import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import path from 'node:path';
import * as z from 'zod';
import { locales } from '../../domain/content.ts';
import { faultLines } from '../../faults.ts';
import { compiledPage } from './compiled-page.ts';
import { variableDeclaration } from './declaration.ts';

/** The templates as `npm run templates` writes them: one JSON file, with MJML already turned into HTML with Liquid. */

const byLocale = <T extends z.ZodType>(schema: T) => z.record(z.enum(locales), schema);

/** The longest subject that inboxes show in full, in visible characters. */
export const MAX_SUBJECT_LENGTH = 60;

/** Content that is written in advance. Its texts are Liquid that may use `purchase`, and must read well without it. */
export const staticContentSchema = z.strictObject({
  contentId: z.string().regex(/^[a-z0-9-]{1,60}$/u, { error: 'must be made of a-z, 0-9 and -' }),
  subject: z.string().min(1),
  variables: z.record(z.string(), z.unknown()),
});
export type StaticContent = z.infer<typeof staticContentSchema>;

/** The content of `template.yaml`. */
export const templateDeclaration = z.strictObject({
  stage: z.enum(['transactional', 'registered']),
  /** For answers without a subject. */
  subject: byLocale(z.string().min(1).max(MAX_SUBJECT_LENGTH)),
  /** Why the recipient gets the email. */
  reason: byLocale(z.string().min(1)),
  variables: z.record(z.string(), variableDeclaration),
});

const compiledTemplate = templateDeclaration.extend({
  html: z.string(),
  text: z.string(),
  contents: byLocale(z.array(staticContentSchema).nonempty()),
});
export type CompiledTemplate = z.infer<typeof compiledTemplate>;

/** The fixed texts of the layout, in every language. */
export const phrasesSchema = byLocale(z.record(z.string(), z.string().min(1)));

const words = z.array(z.string().min(1));

/** The content of `not-names.yaml`. */
export const notNamesSchema = z.strictObject({ anywhere: words, people: words, dishes: words });

const compiledTemplates = z.strictObject({
  /** The hash of all sources of this file, which is compiled again only when they have changed. */
  sourceHash: z.string(),
  /** The hosts that URLs in contents may lead to. */
  linkHosts: z.array(z.string()),
  notNames: notNamesSchema,
  phrases: phrasesSchema,
  templates: z.record(z.string(), compiledTemplate),
  unsubscribePage: compiledPage,
});
export type CompiledTemplates = z.infer<typeof compiledTemplates>;

/** The output of `npm run templates`, in the package of this module, even after a bundler has moved the module. */
export const compiledTemplatesPath = path.join(
  path.dirname(findPackageJSON(import.meta.url) ?? ''),
  'generated/templates.json',
);

/** @throws Error when the file is missing or is not what this version of the code expects. */
export function loadCompiledTemplates(file: string = compiledTemplatesPath): CompiledTemplates {
  let json: string;
  try {
    json = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`No compiled templates at ${file}: run "npm run templates".`, { cause });
  }
  const parsed = compiledTemplates.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  const faults = faultLines(parsed.error, 'the file').join('\n');
  throw new Error(`${file} is out of date: run "npm run templates".\n${faults}`);
}
