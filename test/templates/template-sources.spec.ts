import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { loadCompiledTemplates } from '../../functions/src/adapters/liquid/compiled-templates.ts';
import { compileSources } from '../../template-compiler/compile.ts';
import { currentTemplates } from '../../template-compiler/current.ts';
import { TemplateFaults } from '../../template-compiler/faults.ts';
import { templatesFolder } from '../../template-compiler/source-hash.mjs';
import { Sources } from '../../template-compiler/sources.ts';

describe('compiling the templates', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'templates-'));
    await cp(templatesFolder, folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
    const before = await readFile(path.join(folder, file), 'utf8');
    const after = before.replace(from, to);
    expect(after, `the edit of ${file} changes something`).not.to.equal(before);
    await writeFile(path.join(folder, file), after);
  }

  async function faults(): Promise<readonly string[]> {
    try {
      await compileSources(new Sources(folder));
      return [];
    } catch (error) {
      if (error instanceof TemplateFaults) return error.faults;
      throw error;
    }
  }

  it('gives the committed result, in any folder (otherwise run: npm run templates)', async () => {
    expect(await compileSources(new Sources(folder))).to.deep.equal(loadCompiledTemplates());
  });

  it('is due after a change of a source: until then, the committed result is refused', async () => {
    const before = new Sources(folder).hash();
    expect(currentTemplates(folder).sourceHash).to.equal(before);
    await writeFile(path.join(folder, 'join/.DS_Store'), 'hidden');
    expect(new Sources(folder).hash()).to.equal(before);
    await edit('layouts/dark.css', '#131a15', '#131a16');
    expect(new Sources(folder).hash()).not.to.equal(before);
    expect(() => currentTemplates(folder)).to.throw('run "npm run templates"');
  });

  it('refuses a file that is not UTF-8, and names the line', async () => {
    const file = path.join(folder, 'join/contents.es.yaml');
    await writeFile(file, await readFile(file, 'utf8'), 'latin1');
    expect((await faults()).join('\n')).to.match(
      /^templates\/join\/contents\.es\.yaml: line \d+ is not UTF-8 text$/mu,
    );
  });

  it('reports all faults at once, by file and field', async () => {
    await edit('join/template.yaml', 'maxLength: 110', 'maxLength: long');
    await edit('first-steps/email.mjml', '<mj-column>', '<mj-colum>');
    await edit('first-steps/contents.en.yaml', 'action: Choose a community', 'act: Choose a community');
    const found = (await faults()).join('\n');
    expect(found).to.match(/^templates\/join\/template\.yaml: variables\.preheader\.maxLength: /mu);
    expect(found).to.match(/^templates\/first-steps\/email\.mjml: line \d+, mj-colum: /mu);
    expect(found).to.match(
      /^templates\/first-steps\/contents\.en\.yaml, first-steps-community: variables\.action: /mu,
    );
  });

  const mistakes: Record<string, { file: string; from: string | RegExp; to: string; fault: string }> = {
    'a variable that is not declared': {
      file: 'join/text.liquid',
      from: '{{ headline }}',
      to: '{{ headlin }}',
      fault: 'templates/join/text.liquid: uses headlin, which template.yaml does not declare',
    },
    'a phrase that a language lacks': {
      file: 'layouts/phrases.yaml',
      from: /^ {2}brandLine: Comer.*\n/mu,
      to: '',
      fault: 'templates/join/email.mjml: uses phrases.brandLine, which layouts/phrases.yaml lacks in es',
    },
    'a declared name that is taken': {
      file: 'join/template.yaml',
      from: '  headline:',
      to: '  links:',
      fault: 'templates/join/template.yaml: variables.links: this name is taken',
    },
    'broken Liquid in a template': {
      file: 'join/text.liquid',
      from: '{% endfor %}',
      to: '',
      fault: 'templates/join/text.liquid: tag {% for highlight in highlights %} not closed',
    },
    'broken Liquid in a content': {
      file: 'join/contents.es.yaml',
      from: '{% if purchase.item %}',
      to: '{% iff purchase.item %}',
      fault: 'templates/join/contents.es.yaml, join-welcome: tag "iff" not found',
    },
    'a content that uses an undefined variable': {
      file: 'join/contents.en.yaml',
      from: '{{ purchase.item }}',
      to: '{{ purchase.product }}',
      fault: 'templates/join/contents.en.yaml, join-welcome: undefined variable: purchase.product',
    },
    'a subject that is too long': {
      file: 'join/contents.en.yaml',
      from: 'subject: Be the first',
      to: `subject: Be the very first of all of the many people of this town`,
      fault: 'templates/join/contents.en.yaml, join-first-look: subject: has ',
    },
    'a text that is too long': {
      file: 'join/contents.en.yaml',
      from: 'headline: Good',
      to: `headline: ${'Very '.repeat(12)}good`,
      fault: 'templates/join/contents.en.yaml, join-welcome: variables.headline: ',
    },
    'a content that only one language has': {
      file: 'join/contents.es.yaml',
      from: 'contentId: join-kitchen',
      to: 'contentId: join-cocina',
      fault: 'templates/join: the contents must have the same IDs in the same order in every language',
    },
    'invalid YAML': {
      file: 'brand.yaml',
      from: 'linkHosts:',
      to: 'linkHosts: [',
      fault: 'templates/brand.yaml: ',
    },
    'a field that does not exist': {
      file: 'join/template.yaml',
      from: 'stage:',
      to: 'colour: red\nstage:',
      fault: 'templates/join/template.yaml: the whole: holds undeclared fields colour',
    },
    'a file that is not MJML': {
      file: 'join/email.mjml',
      from: /[^]*/u,
      to: 'Hello',
      fault: 'templates/join/email.mjml: ',
    },
  };
  for (const [what, { file, from, to, fault }] of Object.entries(mistakes)) {
    it(`finds ${what}`, async () => {
      await edit(file, from, to);
      const found = await faults();
      expect(
        found.some((line) => line.startsWith(fault)),
        found.join('\n'),
      ).to.equal(true);
    });
  }

  it('finds a file that is missing', async () => {
    await rm(path.join(folder, 'join/text.liquid'));
    expect((await faults()).join('\n')).to.match(/^templates\/join\/text\.liquid: ENOENT/mu);
  });
});
