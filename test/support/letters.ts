import { liquidTemplates } from '../../functions/src/adapters/liquid/templates.ts';
import type { Letter } from '../../functions/src/ports.ts';
import { currentTemplates } from '../../template-compiler/current.ts';
import { galleryLetter } from '../../template-compiler/gallery.ts';
import { questionOf, samplesOf, type Sample } from '../../template-compiler/samples.ts';
import { Sources } from '../../template-compiler/sources.ts';

/** The compiled templates of this project. */
export const compiled = currentTemplates();
export const templates = liquidTemplates(compiled);

const [sample] = samplesOf('join', new Sources());
if (sample === undefined) throw new Error('templates/join/samples.yaml has no sample');

/** An answer that fits the template `join`. */
export const fittingAnswer = sample.answer;
export const fittingVariables = sample.answer.variables;

export function questionAfter(purchase?: Sample['purchase'], sequence = 1) {
  return questionOf('transactional', 'en', sequence, purchase);
}

/** A letter on the template `join` with this text. */
export function letterWith(given: {
  readonly name?: string;
  readonly purchase?: Sample['purchase'];
  readonly subject?: string;
}): Letter {
  const { name, purchase, subject = 'A subject' } = given;
  const content = { ...templates.contentFrom(fittingAnswer, questionAfter(purchase)), subject };
  return { content, locale: 'en', ...(name === undefined ? {} : { name }), ...galleryLetter };
}
