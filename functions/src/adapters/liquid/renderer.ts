import { PermanentError } from '../../errors.ts';
import type { Letter, RenderedEmail, Sender } from '../../ports.ts';
import { MAX_SUBJECT_LENGTH, type CompiledTemplate, type CompiledTemplates } from './compiled-templates.ts';
import { htmlEngine, parsedOnce, textEngine } from './engines.ts';
import type { NamePolicy } from '../../domain/names.ts';
import { cut, oneLine } from '../../domain/text.ts';

/**
 * The variables that every template has besides its own. `purchase` is part of the content; rendering adds the others.
 */
export const givenVariables = [
  'purchase',
  'locale',
  'subject',
  'name',
  'reason',
  'phrases',
  'links',
  'sender',
] as const;

/** Renders letters written on one template. */
export type TemplateRenderer = (letter: Letter) => RenderedEmail;

export function templateRenderer(
  template: CompiledTemplate,
  phrases: CompiledTemplates['phrases'],
  names: NamePolicy,
): TemplateRenderer {
  const html = parsedOnce(htmlEngine, template.html);
  const text = parsedOnce(textEngine, template.text);
  return (letter) => {
    const scope = { ...scopeOf(letter, template, phrases), name: names.person(letter.name) };
    try {
      return { subject: scope.subject, html: html(scope), text: tidy(text(scope)) };
    } catch (cause) {
      throw new PermanentError(`template ${letter.content.template} cannot be rendered`, { cause });
    }
  };
}

function scopeOf(letter: Letter, template: CompiledTemplate, phrases: CompiledTemplates['phrases']) {
  const { content, locale, links, sender } = letter;
  return {
    ...withoutGaps(template, content.variables),
    locale,
    subject: subjectLine(content.subject) || template.subject[locale],
    reason: template.reason[locale],
    phrases: phrases[locale],
    links,
    sender: senderInLines(sender),
  };
}

/** The sender as templates show it: the name, and the postal address line by line. */
export function senderInLines({ name, postalAddress }: Sender) {
  const lines = postalAddress.split(/\r\n|\r|\n/u).map(oneLine);
  return { name: oneLine(name), addressLines: lines.filter((line) => line !== '') };
}

/** Strict Liquid requires every variable, so absent optional ones become `null`. */
function withoutGaps(
  template: CompiledTemplate,
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const absent = Object.keys(template.variables).map((name) => [name, null] as const);
  return { ...Object.fromEntries(absent), ...variables };
}

/** A subject that cannot start another header or hide a part of itself. */
function subjectLine(subject: string): string {
  return cut(oneLine(subject), MAX_SUBJECT_LENGTH);
}

/** Liquid's tags leave blank lines behind; several of them become one paragraph break. */
function tidy(text: string): string {
  return `${text
    .replaceAll(/[ \t]+$/gmu, '')
    .replaceAll(/\n{3,}/gu, '\n\n')
    .trim()}\n`;
}
