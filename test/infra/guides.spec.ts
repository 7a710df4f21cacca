import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { readManifest } from '../../functions/manifest.ts';

const guides = ['deploying', 'publishing', 'operations'];
const read = (name: string) => readFileSync(`docs/${name}.md`, 'utf8');

/** The anchors that GitHub gives to the headings. */
function anchorsIn(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gmu)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the guides', () => {
  for (const guide of guides) {
    it(`${guide}.md links to existing files and headings`, () => {
      for (const [, target = ''] of read(guide).matchAll(/\]\((?!https?:)([^)]+)\)/gu)) {
        const [file = '', anchor] = target.split('#');
        const linked = file === '' ? `docs/${guide}.md` : path.join('docs', file);
        expect(existsSync(linked), target).to.equal(true);
        if (anchor !== undefined) expect(anchorsIn(readFileSync(linked, 'utf8')), target).to.include(anchor);
      }
    });

    it(`${guide}.md names existing npm scripts`, () => {
      const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
      for (const [, script = ''] of read(guide).matchAll(/npm (?:run )?(\w[\w-]*) -- /gu)) {
        expect(scripts, script).to.have.property(script);
      }
    });
  }

  it('show the same bill in deploying.md and costs.md', () => {
    const rows = (text: string) =>
      [...text.matchAll(/^\| ([\d,]+) +\| (\$[\d,]+) +\| (\$[\d,]+) +\| (\$[\d,]+) +\|/gmu)].map(
        ([, ...cells]) => cells,
      );
    expect(rows(read('deploying'))).to.have.length(3);
    expect(rows(read('deploying'))).to.deep.equal(rows(read('costs')));
  });

  it('name only the region of the manifest', () => {
    const named = read('deploying').match(/\b(?:europe|us|asia)-[a-z]+\d\b/gu) ?? [];
    expect([...new Set(named)]).to.deep.equal([readManifest().region]);
  });
});
