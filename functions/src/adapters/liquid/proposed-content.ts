import type { Content, ContentQuestion, ProposedContent } from '../../domain/content.ts';
import type { NamePolicy } from '../../domain/names.ts';
import { PermanentError } from '../../errors.ts';
import { faultLines } from '../../faults.ts';
import type { CompiledTemplates } from './compiled-templates.ts';
import { variablesSchema } from './declaration.ts';
import { purchaseOf } from './purchase.ts';

/** Turns proposals of Analytics into content. Their texts are data: Liquid in them is shown, never run. */
export function proposedContentReader({ templates, linkHosts }: CompiledTemplates, names: NamePolicy) {
  const schemas = new Map(
    Object.entries(templates).map(([name, { variables }]) => [name, variablesSchema(variables, linkHosts)]),
  );

  return (proposed: ProposedContent, question: ContentQuestion): Content => {
    const { contentId, template: name, subject } = proposed;
    const template = templates[name];
    const schema = schemas.get(name);
    if (template === undefined || schema === undefined) {
      throw unfit([`template: must be one of ${[...schemas.keys()].join(', ')}`]);
    }
    const variables = schema.safeParse(proposed.variables);
    const faults = [
      ...(template.stage === question.stage ? [] : [`template: is not for the stage ${question.stage}`]),
      ...(variables.success
        ? []
        : faultLines(variables.error, 'the whole').map((line) => `variables.${line}`)),
    ];
    if (!variables.success || faults.length > 0) throw unfit(faults);
    return {
      contentId,
      source: 'analytics',
      template: name,
      subject: subject ?? template.subject[question.locale],
      variables: { ...variables.data, purchase: purchaseOf(question.transaction, names) },
    };
  };
}

function unfit(faults: readonly string[]): PermanentError {
  return new PermanentError(`the answer of Analytics cannot be used: ${faults.join('; ')}`);
}
