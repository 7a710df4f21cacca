import type { Content, ContentQuestion, Locale } from '../../domain/content.ts';
import { namePolicy, type NamePolicy } from '../../domain/names.ts';
import { PermanentError } from '../../errors.ts';
import type { Letter, Templates } from '../../ports.ts';
import type { CompiledTemplates } from './compiled-templates.ts';
import { proposedContentReader } from './proposed-content.ts';
import { templateRenderer } from './renderer.ts';
import { staticCatalogue, type StaticCatalogue } from './static-catalogue.ts';

/** The templates of `templates/`, rendered with Liquid. It keeps what it has parsed, so an instance needs only one. */
export function liquidTemplates(compiled: CompiledTemplates): Templates {
  const names = namePolicy(compiled.notNames);
  const catalogues = catalogueFinder(compiled, names);
  const renderers = new Map(
    Object.entries(compiled.templates).map(([name, template]) => [
      name,
      templateRenderer(template, compiled.phrases, names),
    ]),
  );
  return {
    staticContent: (question: ContentQuestion): Content =>
      catalogues(question.stage, question.locale)(question),
    contentFrom: proposedContentReader(compiled, names),
    render(letter: Letter) {
      const renderer = renderers.get(letter.content.template);
      if (renderer === undefined) throw new PermanentError(`there is no template ${letter.content.template}`);
      return renderer(letter);
    },
  };
}

function catalogueFinder(compiled: CompiledTemplates, names: NamePolicy) {
  const catalogues = Object.entries(compiled.templates).map(([name, template]) => {
    const inLocale = (locale: Locale): StaticCatalogue =>
      staticCatalogue(name, template, template.contents[locale], compiled.linkHosts, names);
    return { stage: template.stage, en: inLocale('en'), es: inLocale('es') };
  });
  return (stage: ContentQuestion['stage'], locale: Locale): StaticCatalogue => {
    const found = catalogues.find((catalogue) => catalogue.stage === stage);
    if (found === undefined) throw new PermanentError(`no template is declared for the stage ${stage}`);
    return found[locale];
  };
}
