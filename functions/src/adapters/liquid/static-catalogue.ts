import type { Content, ContentQuestion } from '../../domain/content.ts';
import { MAX_SUBJECT_LENGTH, type CompiledTemplate, type StaticContent } from './compiled-templates.ts';
import { variablesSchema } from './declaration.ts';
import { parsedOnce, textEngine } from './engines.ts';
import { noPurchase, purchaseOf, type Purchase } from './purchase.ts';
import { oneLine, visibleLength } from './words.ts';

type Words = Pick<StaticContent, 'subject' | 'variables'>;

/** The contents written in advance for one template, in one language. */
export type StaticCatalogue = (question: ContentQuestion) => Content;

/**
 * The how-manieth email brings the how-manieth content, so that a customer reads something new each time; after the
 * last one it begins again.
 */
export function staticCatalogue(
  name: string,
  template: CompiledTemplate,
  contents: readonly StaticContent[],
  linkHosts: readonly string[],
): StaticCatalogue {
  const schema = variablesSchema(template.variables, linkHosts);
  const fits = (words: Words) =>
    visibleLength(words.subject) <= MAX_SUBJECT_LENGTH && schema.safeParse(words.variables).success;
  const wordings = contents.map((content) => ({ content, wording: wordingOf(content) }));

  return (question) => {
    const chosen = wordings[(question.sequence - 1) % wordings.length];
    if (chosen === undefined) throw new RangeError('an outreach counts its emails from 1');
    const purchase = purchaseOf(question.transaction);
    const personal = chosen.wording(purchase);
    const words = fits(personal) ? personal : chosen.wording(noPurchase);
    const variables = { ...words.variables, purchase };
    return {
      contentId: chosen.content.contentId,
      source: 'static',
      template: name,
      subject: words.subject,
      variables,
    };
  };
}

/** A content's words as they read after a certain purchase. */
export function wordingOf(content: StaticContent): (purchase: Purchase) => Words {
  const subject = textWording(content.subject);
  const variables = Object.entries(content.variables).map(([name, value]) => [name, wording(value)] as const);
  return (purchase) => ({
    subject: subject(purchase),
    variables: Object.fromEntries(variables.map(([name, words]) => [name, words(purchase)])),
  });
}

type Wording = (purchase: Purchase) => unknown;

function wording(value: unknown): Wording {
  if (typeof value === 'string') return textWording(value);
  if (Array.isArray(value)) {
    const items = value.map(wording);
    return (purchase) => items.map((item) => item(purchase));
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => [name, wording(field)] as const);
    return (purchase) => Object.fromEntries(fields.map(([name, field]) => [name, field(purchase)]));
  }
  return () => value;
}

function textWording(text: string): (purchase: Purchase) => string {
  const render = parsedOnce(textEngine, text);
  return (purchase) => oneLine(render({ purchase }));
}
