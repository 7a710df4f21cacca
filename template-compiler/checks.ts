import { type Liquid } from 'liquidjs';
import { locales } from '../functions/src/domain/content.ts';
import {
  MAX_SUBJECT_LENGTH,
  type CompiledTemplate,
  type CompiledTemplates,
  type StaticContent,
} from '../functions/src/adapters/liquid/compiled-templates.ts';
import { variablesSchema } from '../functions/src/adapters/liquid/declaration.ts';
import { faultLines } from '../functions/src/faults.ts';
import { htmlEngine, textEngine } from '../functions/src/adapters/liquid/engines.ts';
import { noPurchase, type Purchase } from '../functions/src/adapters/liquid/purchase.ts';
import { givenVariables } from '../functions/src/adapters/liquid/renderer.ts';
import { textsOf } from '../functions/src/adapters/liquid/static-catalogue.ts';
import { visibleLength } from '../functions/src/domain/text.ts';
import type { FaultList } from './faults.ts';

/** Short names, which a content must have room for. */
const samplePurchase: Purchase = { item: 'Quinoa Bowl', place: 'Central Station', items: ['Quinoa Bowl'] };

/** Checks that a template uses only variables and phrases that exist when an email is rendered. */
export function checkWording(
  name: string,
  template: CompiledTemplate,
  phrases: CompiledTemplates['phrases'],
  faults: FaultList,
): void {
  const given: readonly string[] = givenVariables;
  const declared = Object.keys(template.variables);
  for (const variable of declared.filter((candidate) => given.includes(candidate))) {
    faults.add(`templates/${name}/template.yaml`, `variables.${variable}: this name is taken`);
  }
  const known = new Set([...given, ...declared]);
  const sources = [
    { file: 'email.mjml', engine: htmlEngine, source: template.html },
    { file: 'text.liquid', engine: textEngine, source: template.text },
  ];
  for (const { file, engine, source } of sources) {
    const where = `templates/${name}/${file}`;
    for (const [variable = '', field = ''] of usedVariables(engine, source, where, faults)) {
      if (!known.has(variable)) faults.add(where, `uses ${variable}, which template.yaml does not declare`);
      if (variable === 'phrases') checkPhrase(field, where, phrases, faults);
    }
  }
}

function checkPhrase(
  phrase: string,
  where: string,
  phrases: CompiledTemplates['phrases'],
  faults: FaultList,
): void {
  for (const locale of locales.filter((candidate) => phrases[candidate][phrase] === undefined)) {
    faults.add(where, `uses phrases.${phrase}, which layouts/phrases.yaml lacks in ${locale}`);
  }
}

/** The paths of the variables that a Liquid source reads. */
function usedVariables(
  engine: Liquid,
  source: string,
  where: string,
  faults: FaultList,
): readonly string[][] {
  try {
    return engine.globalVariableSegmentsSync(source).map((segments) => segments.map(String));
  } catch (error) {
    faults.addError(where, error);
    return [];
  }
}

/** Checks that every static content fits the declaration of its template, with a known purchase and without. */
export function checkContents(
  name: string,
  template: CompiledTemplate,
  linkHosts: readonly string[],
  faults: FaultList,
): void {
  const schema = variablesSchema(template.variables, linkHosts);
  for (const locale of locales) {
    const file = `templates/${name}/contents.${locale}.yaml`;
    for (const content of template.contents[locale]) {
      checkContent(content, schema, `${file}, ${content.contentId}`, faults);
    }
  }
  const [ids = '', ...others] = locales.map((locale) => idsOf(template.contents[locale]));
  if (others.some((other) => other !== ids)) {
    faults.add(
      `templates/${name}`,
      'the contents must have the same IDs in the same order in every language',
    );
  }
}

function idsOf(contents: readonly StaticContent[]): string {
  return contents.map((content) => content.contentId).join(' ');
}

function checkContent(
  content: StaticContent,
  schema: ReturnType<typeof variablesSchema>,
  where: string,
  faults: FaultList,
): void {
  try {
    const wording = textsOf(content);
    for (const purchase of [noPurchase, samplePurchase]) {
      const { subject, variables } = wording(purchase);
      const length = visibleLength(subject);
      if (length < 1 || length > MAX_SUBJECT_LENGTH) {
        faults.add(where, `subject: has ${length} characters, not 1 to ${MAX_SUBJECT_LENGTH}`);
      }
      const checked = schema.safeParse(variables);
      if (!checked.success)
        for (const line of faultLines(checked.error, 'the whole')) faults.add(where, `variables.${line}`);
    }
  } catch (error) {
    faults.addError(where, error);
  }
}
