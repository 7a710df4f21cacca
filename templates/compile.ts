import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { locales, type Locale } from '../functions/src/domain/content.ts';
import {
  compiledTemplatesPath,
  loadCompiledTemplates,
  phrasesSchema,
  staticContentSchema,
  templateDeclaration,
  type CompiledTemplate,
  type CompiledTemplates,
  type StaticContent,
} from '../functions/src/adapters/liquid/compiled-templates.ts';
import { checkContents, checkWording } from './checks.ts';
import { FaultList, TemplateFaults } from './faults.ts';
import { compileMjml } from './mjml-to-html.ts';
import { hashOfSources, readSource, readYaml, templateNames } from './sources.ts';

const brandSchema = z.strictObject({ linkHosts: z.array(z.hostname()).nonempty() });

/**
 * Makes `functions/generated/templates.json` of the sources below `templates/`, unless it is up to date.
 * @throws TemplateFaults naming every fault by file and field; the file is then left as it was.
 */
export async function compileTemplates(): Promise<CompiledTemplates> {
  const sourceHash = hashOfSources();
  const current = compiledBefore();
  if (current?.sourceHash === sourceHash) return current;
  const compiled = await compile(sourceHash);
  await replaceFile(compiledTemplatesPath, JSON.stringify(compiled));
  return compiled;
}

function compiledBefore(): CompiledTemplates | undefined {
  try {
    return loadCompiledTemplates();
  } catch {
    return undefined;
  }
}

async function compile(sourceHash: string): Promise<CompiledTemplates> {
  const faults = new FaultList();
  const brand = readYaml('brand.yaml', brandSchema, faults);
  const phrases = readYaml('layouts/phrases.yaml', phrasesSchema, faults);
  const templates: Record<string, CompiledTemplate> = {};
  for (const name of templateNames()) {
    const template = await readTemplate(name, faults);
    if (template !== undefined) templates[name] = template;
  }
  faults.throwIfAny();
  if (brand === undefined || phrases === undefined) throw new Error('a faultless source cannot be missing');

  for (const [name, template] of Object.entries(templates)) {
    checkWording(name, template, phrases, faults);
    checkContents(name, template, brand.linkHosts, faults);
  }
  faults.throwIfAny();
  return { sourceHash, linkHosts: brand.linkHosts, phrases, templates };
}

async function readTemplate(name: string, faults: FaultList): Promise<CompiledTemplate | undefined> {
  const declaration = readYaml(`${name}/template.yaml`, templateDeclaration, faults);
  const html = await compileMjml(`${name}/email.mjml`, faults);
  const text = readSource(`${name}/text.liquid`);
  const [en, es] = locales.map((locale) => readContents(name, locale, faults));
  if (declaration === undefined || en === undefined || es === undefined) return undefined;
  return { ...declaration, html, text, contents: { en, es } };
}

function readContents(name: string, locale: Locale, faults: FaultList): StaticContent[] | undefined {
  return readYaml(`${name}/contents.${locale}.yaml`, z.array(staticContentSchema).nonempty(), faults);
}

/** All at once, so that nobody ever reads half a file. */
async function replaceFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, content);
  await rename(draft, path);
}

if (import.meta.main) {
  try {
    const { templates } = await compileTemplates();
    console.log(`Templates are ready: ${Object.keys(templates).join(', ')}.`);
  } catch (error) {
    if (!(error instanceof TemplateFaults)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
