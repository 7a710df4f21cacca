import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { installed } from './bundle.ts';

const repository = path.join(import.meta.dirname, '../..');

const names = z.record(z.string(), z.unknown()).default({});
const lockedPackage = z.looseObject({
  version: z.string().exactOptional(),
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  peerDependenciesMeta: z
    .record(z.string(), z.looseObject({ optional: z.boolean().exactOptional() }))
    .default({}),
});
const lockfile = z.object({ packages: z.record(z.string(), z.unknown()) });

type LockedPackages = Readonly<Record<string, unknown>>;

/**
 * The package.json of the archive, and a package-lock.json with the part of the project's own that it takes: what is
 * installed in the cloud is what was tested here, to the version of the last dependency.
 * @throws Error when the lockfile lacks a package: run npm install.
 */
export function packageFiles(): Record<string, string> {
  const text = readFileSync(path.join(repository, 'package-lock.json'), 'utf8');
  const { packages } = lockfile.parse(JSON.parse(text));
  const dependencies = Object.fromEntries(installed.map((name) => [name, lockedVersion(packages, name)]));
  const manifest = {
    name: 'farmacy-personalization',
    version: '1.0.0',
    private: true,
    type: 'module',
    main: 'index.mjs',
    scripts: { 'gcp-build': 'node warm-up.mjs' },
    engines: { node: '24' },
    dependencies,
  };
  const { name, version } = manifest;
  const lock = {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name, version, dependencies, engines: manifest.engines }, ...needed(packages) },
  };
  return { 'package.json': json(manifest), 'package-lock.json': json(lock) };
}

function lockedVersion(packages: LockedPackages, name: string): string {
  const { version } = lockedPackage.parse(packages[placeOf(packages, '', name) ?? ''] ?? {});
  if (version === undefined) throw new Error(`package-lock.json has no version of ${name}: run npm install.`);
  return version;
}

/** The installed packages and all that they depend on, in the places where the lockfile puts them. */
function needed(packages: LockedPackages): Record<string, unknown> {
  const places = new Set<string>();
  const take = (from: string, name: string): void => {
    const place = placeOf(packages, from, name);
    if (place === undefined || places.has(place)) return;
    places.add(place);
    for (const dependency of dependenciesOf(packages[place])) take(place, dependency);
  };
  for (const name of installed) take('', name);
  return Object.fromEntries([...places].toSorted().map((place) => [place, packages[place]]));
}

function dependenciesOf(locked: unknown): string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
    lockedPackage.parse(locked);
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  return [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers];
}

/** Where Node finds a package from a place: in the nearest node_modules upwards. */
function placeOf(packages: LockedPackages, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (place in packages) return place;
    if (folder === '') return undefined;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
