import * as z from 'zod';
import type { Content, ContentQuestion } from '../../domain/content.ts';
import { PermanentError } from '../../errors.ts';
import type { CompiledTemplates } from './compiled-templates.ts';
import { faultLines, safeText, variablesSchema } from './declaration.ts';
import { purchaseOf } from './purchase.ts';

/** A subject longer than this is no subject; one longer than an inbox shows is cut when it is rendered. */
const MAX_ANSWERED_SUBJECT_LENGTH = 200;

const answerSchema = z.strictObject({
  contentId: z.string().regex(/^[\w.:-]{1,128}$/u, { error: 'must be 1 to 128 of A-Z, a-z, 0-9 and _.:-' }),
  template: z.string(),
  subject: safeText(MAX_ANSWERED_SUBJECT_LENGTH).optional(),
  variables: z.unknown(),
});

/** Turns answers of Analytics into content. Their texts are data: Liquid in them is shown, never run. */
export function answerReader(compiled: CompiledTemplates) {
  const schemas = new Map(
    Object.entries(compiled.templates).map(([name, template]) => [
      name,
      variablesSchema(template.variables, compiled.linkHosts),
    ]),
  );

  return (answer: unknown, question: ContentQuestion): Content => {
    const envelope = answerSchema.safeParse(answer);
    if (!envelope.success) throw unfit(faultLines(envelope.error));
    const { contentId, template: name, subject } = envelope.data;
    const template = compiled.templates[name];
    const schema = schemas.get(name);
    if (template === undefined || schema === undefined) {
      throw unfit([`template: must be one of ${[...schemas.keys()].join(', ')}`]);
    }
    const variables = schema.safeParse(envelope.data.variables);
    const faults = [
      ...(template.stage === question.stage ? [] : [`template: is not for the stage ${question.stage}`]),
      ...(variables.success ? [] : faultLines(variables.error).map((line) => `variables.${line}`)),
    ];
    if (!variables.success || faults.length > 0) throw unfit(faults);
    return {
      contentId,
      source: 'analytics',
      template: name,
      subject: subject ?? template.subject[question.locale],
      variables: { ...variables.data, purchase: purchaseOf(question.transaction) },
    };
  };
}

function unfit(faults: readonly string[]): PermanentError {
  return new PermanentError(`the answer of Analytics cannot be used: ${faults.join('; ')}`);
}
