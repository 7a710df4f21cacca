import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { locales, type Locale } from '../functions/src/domain/content.ts';
import {
  compiledTemplatesPath,
  notNamesSchema,
  phrasesSchema,
  staticContentSchema,
  templateDeclaration,
  type CompiledTemplate,
  type CompiledTemplates,
  type StaticContent,
} from '../functions/src/adapters/liquid/compiled-templates.ts';
import { checkContents, checkWording } from './checks.ts';
import { readCommandLine, runCommand } from '../operations/terminal/command-line.ts';
import { checkPage, readPage } from './unsubscribe-page.ts';
import { FaultList } from './faults.ts';
import { compileMjml } from './mjml-to-html.ts';
import { Sources } from './sources.ts';

const brandSchema = z.strictObject({ linkHosts: z.array(z.hostname()).nonempty() });

/**
 * Writes `functions/generated/templates.json`, which the functions load.
 * @throws TemplateFaults with every fault by file and field; the file then stays as it was.
 */
async function compileTemplates(): Promise<CompiledTemplates> {
  const compiled = await compileSources(new Sources());
  await replaceFile(compiledTemplatesPath, `${JSON.stringify(compiled, null, 2)}\n`);
  return compiled;
}

/** Compiles and checks everything in a folder of templates. @throws TemplateFaults with every fault by file and field. */
export async function compileSources(sources: Sources): Promise<CompiledTemplates> {
  const faults = new FaultList();
  const sourceHash = sources.hash();
  const brand = sources.readYaml('brand.yaml', brandSchema, faults);
  const notNames = sources.readYaml('not-names.yaml', notNamesSchema, faults);
  const phrases = sources.readYaml('layouts/phrases.yaml', phrasesSchema, faults);
  const templates: Record<string, CompiledTemplate> = {};
  for (const name of sources.templateNames()) {
    const template = await readTemplate(name, sources, faults);
    if (template !== undefined) templates[name] = template;
  }
  for (const [name, template] of Object.entries(templates)) {
    if (phrases !== undefined) checkWording(name, template, phrases, faults);
    if (brand !== undefined) checkContents(name, template, brand.linkHosts, faults);
  }
  const unsubscribePage = readPage(sources, faults);
  if (!brand || !notNames || !phrases || !unsubscribePage) throw faults.asError();
  const { linkHosts } = brand;
  const compiled = { sourceHash, linkHosts, notNames, phrases, templates, unsubscribePage };
  checkPage(compiled, faults);
  faults.throwIfAny();
  return compiled;
}

async function readTemplate(
  name: string,
  sources: Sources,
  faults: FaultList,
): Promise<CompiledTemplate | undefined> {
  const declaration = sources.readYaml(`${name}/template.yaml`, templateDeclaration, faults);
  const html = await compileMjml(`${name}/email.mjml`, sources, faults);
  const text = sources.readText(`${name}/text.liquid`, faults);
  const [en, es] = locales.map((locale) => readContents(name, locale, sources, faults));
  if (declaration === undefined || en === undefined || es === undefined) return undefined;
  return { ...declaration, html, text, contents: { en, es } };
}

function readContents(
  name: string,
  locale: Locale,
  sources: Sources,
  faults: FaultList,
): StaticContent[] | undefined {
  return sources.readYaml(`${name}/contents.${locale}.yaml`, z.array(staticContentSchema).nonempty(), faults);
}

/** Replaces the file in one step, so that no reader ever sees half of it. */
async function replaceFile(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(draft, content);
  await rename(draft, file);
}

const help = `npm run templates

Compiles the emails and the unsubscribe page in templates/ into the file that the functions load, unless it is up to date.
Lists every fault with its file and field; the file then stays as it was. start, demo and test do this by themselves.`;

if (import.meta.main) {
  readCommandLine({ help, options: {} });
  await runCommand(async () => {
    const { templates } = await compileTemplates();
    console.log(`Templates are ready: ${Object.keys(templates).join(', ')}.`);
  });
}
