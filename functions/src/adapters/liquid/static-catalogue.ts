import type { Content, ContentQuestion } from '../../domain/content.ts';
import type { NamePolicy } from '../../domain/names.ts';
import { oneLine, visibleLength } from '../../domain/text.ts';
import { MAX_SUBJECT_LENGTH, type CompiledTemplate, type StaticContent } from './compiled-templates.ts';
import { variablesSchema } from './declaration.ts';
import { parsedOnce, textEngine } from './engines.ts';
import { noPurchase, purchaseOf, type Purchase } from './purchase.ts';

/** The texts of some content for one purchase. */
type Texts = Pick<StaticContent, 'subject' | 'variables'>;

/** The contents written in advance for one template, in one language. */
export type StaticCatalogue = (question: ContentQuestion) => Content;

/**
 * Email number n has content number n, so that a customer reads something new each time. After the last content it starts over.
 */
export function staticCatalogue(
  name: string,
  template: CompiledTemplate,
  contents: readonly StaticContent[],
  linkHosts: readonly string[],
  names: NamePolicy,
): StaticCatalogue {
  const schema = variablesSchema(template.variables, linkHosts);
  const fits = (texts: Texts) =>
    visibleLength(texts.subject) <= MAX_SUBJECT_LENGTH && schema.safeParse(texts.variables).success;
  const entries = contents.map((content) => ({ content, textsAfter: textsOf(content) }));

  return (question) => {
    const entry = entries[(question.sequence - 1) % entries.length];
    if (entry === undefined) throw new RangeError('an outreach counts its emails from 1');
    const purchase = purchaseOf(question.transaction, names);
    const personal = entry.textsAfter(purchase);
    const texts = fits(personal) ? personal : entry.textsAfter(noPurchase);
    return {
      contentId: entry.content.contentId,
      source: 'static',
      template: name,
      subject: texts.subject,
      variables: { ...texts.variables, purchase },
    };
  };
}

/** The texts of some content, as a function of the purchase. */
export function textsOf(content: StaticContent): (purchase: Purchase) => Texts {
  const subject = renderText(content.subject);
  const variables = Object.entries(content.variables).map(
    ([name, value]) => [name, renderValue(value)] as const,
  );
  return (purchase) => ({
    subject: subject(purchase),
    variables: Object.fromEntries(variables.map(([name, render]) => [name, render(purchase)])),
  });
}

function renderValue(value: unknown): (purchase: Purchase) => unknown {
  if (typeof value === 'string') return renderText(value);
  if (Array.isArray(value)) {
    const items = value.map(renderValue);
    return (purchase) => items.map((render) => render(purchase));
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => [name, renderValue(field)] as const);
    return (purchase) => Object.fromEntries(fields.map(([name, render]) => [name, render(purchase)]));
  }
  return () => value;
}

function renderText(text: string): (purchase: Purchase) => string {
  const render = parsedOnce(textEngine, text);
  return (purchase) => oneLine(render({ purchase }));
}
