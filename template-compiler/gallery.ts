import type {
  CompiledTemplate,
  CompiledTemplates,
} from '../functions/src/adapters/liquid/compiled-templates.ts';
import { liquidTemplates } from '../functions/src/adapters/liquid/templates.ts';
import { locales, type Content, type Locale } from '../functions/src/domain/content.ts';
import type { Letter, RenderedEmail, Templates } from '../functions/src/ports.ts';
import { questionOf, samplesOf, type Sample } from './samples.ts';
import type { Sources } from './sources.ts';

/** One email, as the preview shows it and the tests check it. */
export interface GalleryEmail extends RenderedEmail {
  /** Unique in the gallery, and safe in a URL. */
  readonly id: string;
  readonly template: string;
  readonly locale: Locale;
  /** The name of its content, for people. */
  readonly title: string;
  readonly kind: 'personalised' | 'static, purchase known' | 'static, purchase unknown';
  /** The line after the subject in an inbox. */
  readonly preheader: string;
}

/** Links as the functions make them, and a sender. All are made up. */
export const galleryLetter: Pick<Letter, 'links' | 'sender'> = {
  links: {
    join: 'https://family.farmacyfood.com/join?email=sample~1&from=fridge',
    unsubscribe: 'https://family.farmacyfood.com/unsubscribe?token=sample.signature',
  },
  sender: { name: 'Farmacy Food', postalAddress: '12 Market Street, Suite 4\nSpringfield, 00000' },
};

/** Every email that the templates can make: one for each sample, and two for each static content. */
export function galleryOf(compiled: CompiledTemplates, sources: Sources): readonly GalleryEmail[] {
  const templates = liquidTemplates(compiled);
  return Object.entries(compiled.templates).flatMap(([name, template]) => {
    const samples = samplesOf(name, sources);
    return [
      ...samples.map((sample) => personalisedEmail(name, template, sample, templates)),
      ...locales.flatMap((locale) => staticEmails(name, template, locale, samples, templates)),
    ];
  });
}

function personalisedEmail(
  name: string,
  template: CompiledTemplate,
  sample: Sample,
  templates: Templates,
): GalleryEmail {
  const { locale, title } = sample;
  const question = questionOf(template.stage, locale, 1, sample.purchase);
  const content = templates.contentFrom(sample.answer, question);
  return galleryEmail({ template: name, locale, title, kind: 'personalised' }, content, templates, sample);
}

/** Each static content, after a purchase whose details are known and after one whose details are not. */
function staticEmails(
  name: string,
  template: CompiledTemplate,
  locale: Locale,
  samples: readonly Sample[],
  templates: Templates,
): readonly GalleryEmail[] {
  const sample = samples.find((candidate) => candidate.locale === locale);
  return template.contents[locale].flatMap(({ contentId }, index) => {
    const email = (kind: GalleryEmail['kind'], from?: Sample): GalleryEmail => {
      const content = templates.staticContent(questionOf(template.stage, locale, index + 1, from?.purchase));
      return galleryEmail({ template: name, locale, title: contentId, kind }, content, templates, from);
    };
    return [email('static, purchase known', sample), email('static, purchase unknown')];
  });
}

function galleryEmail(
  entry: Pick<GalleryEmail, 'template' | 'locale' | 'title' | 'kind'>,
  content: Content,
  templates: Templates,
  sample: Sample | undefined,
): GalleryEmail {
  const named = sample === undefined ? {} : { name: sample.name };
  const rendered = templates.render({ content, locale: entry.locale, ...named, ...galleryLetter });
  const id = [entry.template, entry.locale, entry.title, entry.kind].join(' ').toLowerCase();
  const preheader = String(content.variables['preheader']);
  return { ...entry, ...rendered, preheader, id: id.replaceAll(/[^a-z0-9]+/gu, '-') };
}
