import { expect } from 'chai';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { allSets, findProgram, ROOT, setsFor } from '../../local/toolchain/package-sets.mjs';
import { packagesImportedBy } from '../support/imports.ts';

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifestIn = (folder: string) =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;

const npmrcIn = (set: string) => readFileSync(path.join(set, '.npmrc'), 'utf8');

/** What npm installs for a set, by location in its lockfile. Links lead to folders of this repository. */
function lockedPackages(set: string): string[] {
  const { packages } = JSON.parse(readFileSync(path.join(set, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { readonly link?: boolean; readonly optional?: boolean }>;
  };
  const omitsOptional = /^omit=optional$/mu.test(npmrcIn(set));
  return Object.entries(packages)
    .filter(([location, { link }]) => location.includes('node_modules/') && link !== true)
    .filter(([, { optional }]) => !(omitsOptional && optional === true))
    .map(([location]) => location);
}

const declared = new Map(allSets.map((set) => [set, namesIn(set)]));
const locked = new Map(allSets.map((set) => [set, new Set(lockedPackages(set))]));

/** The packages that a set declares. The root's has those of the functions too, which are a workspace of it. */
function namesIn(set: string): Set<string> {
  const manifests = set === ROOT ? [manifestIn(ROOT), manifestIn('functions')] : [manifestIn(set)];
  return new Set(
    manifests.flatMap(({ dependencies, devDependencies }) =>
      Object.keys({ ...dependencies, ...devDependencies }),
    ),
  );
}

/** The sets whose packages a file can import, the nearest first, as Node looks for them. */
function setsAround(file: string): string[] {
  return allSets
    .filter((set) => set === ROOT || file.startsWith(`${set}/`))
    .toSorted((a, b) => (b === ROOT ? -1 : a === ROOT ? 1 : b.length - a.length));
}

describe('the packages that npm start installs', () => {
  it('are at most 480', () => {
    expect(lockedPackages(ROOT)).to.have.length.within(200, 480);
  });
});

describe('a set of packages', () => {
  it('is every package.json with a lockfile', () => {
    const found = globSync('**/package-lock.json', {
      exclude: (name) => ['node_modules', '.toolchain', '.git'].includes(path.basename(name)),
    });
    expect(found.map((file) => path.dirname(file)).toSorted()).to.deep.equal(allSets.toSorted());
  });

  for (const set of allSets) {
    it(`runs no install scripts, also when installed by hand: ${set}`, () => {
      expect(npmrcIn(set))
        .to.match(/^ignore-scripts=true$/mu)
        .and.to.not.match(/registry/u);
    });
  }
});

const scripts = Object.values(manifestIn(ROOT).scripts ?? {}).flatMap(
  (command) => /^node local\/run\.mjs (?!--bin)(\S+)/u.exec(command)?.[1] ?? [],
);
const specs = globSync('test/**/*.spec.ts', { exclude: ['**/node_modules/**'] });

describe('what a command or a test imports', () => {
  for (const file of [...scripts, ...specs]) {
    it(`comes from the sets that are installed for it: ${file}`, () => {
      const installed = setsFor(file);
      for (const { file: importing, name } of packagesImportedBy(file)) {
        // Node takes the nearest copy, even one that is only there for another package.
        const nearest = setsAround(importing)
          .filter((set) => installed.includes(set))
          .find((set) => locked.get(set)?.has(`node_modules/${name}`));
        expect(nearest, `${importing} imports ${name}, which is not installed for ${file}`).to.be.a('string');
        expect(
          declared.get(nearest ?? '')?.has(name),
          `${importing} imports ${name}, of which ${nearest ?? ''} has a copy for another package: declare it there`,
        ).to.equal(true);
      }
    });
  }

  it('includes lazy imports and those of imported files', () => {
    const names = packagesImportedBy('local/preview/serve.ts').map(({ name }) => name);
    expect(names).to.include.members(['mjml', 'express', 'zod', 'liquidjs']);
  });
});

describe('a program of a package', () => {
  it('is found in its set before that is installed', () => {
    expect(findProgram('tsc')).to.deep.equal({
      set: 'checks',
      script: path.resolve('checks/node_modules/typescript/bin/tsc'),
    });
    expect(findProgram('nothing-like-it')).to.equal(undefined);
  });
});
