import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Arborist from '@npmcli/arborist';
import { z } from 'zod';
import { installedPackages } from './bundle.ts';

const repository = path.join(import.meta.dirname, '../..');

/**
 * The package.json of the archive, and a package-lock.json with the part of the project's own lockfile that it needs: the
 * cloud installs what was tested here, down to the last dependency.
 * @throws Error when the project's lockfile lacks a package.
 */
export async function packageFiles(): Promise<Record<string, string>> {
  const packages = await lockedPackages();
  const dependencies = Object.fromEntries(
    installedPackages.map((name) => [name, packages[`node_modules/${name}`]?.version]),
  );
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
  const { name, version, engines } = manifest;
  const lock = {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name, version, dependencies, engines }, ...packages },
  };
  return { 'package.json': json(manifest), 'package-lock.json': json(lock) };
}

const lockfile = z.object({
  packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })),
});

type LockedPackages = z.output<typeof lockfile>['packages'];

/** The entries of the project's lockfile for the installed packages and their dependencies, by location. */
async function lockedPackages(): Promise<LockedPackages> {
  const text = await readFile(path.join(repository, 'package-lock.json'), 'utf8');
  const { packages } = lockfile.parse(JSON.parse(text));
  const locations = (await neededNodes()).map(({ location }) => location).toSorted();
  return Object.fromEntries(locations.map((location) => [location, packages[location] ?? {}]));
}

/** The installed packages and all that they depend on, as npm resolves them. */
async function neededNodes(): Promise<Arborist.Node[]> {
  const tree = await new Arborist({ path: repository }).loadVirtual();
  const needed = new Set<Arborist.Node>();
  const add = (node: Arborist.Node | undefined): void => {
    if (node === undefined || needed.has(node)) return;
    needed.add(node);
    for (const { type, to } of node.edgesOut.values()) if (type !== 'peerOptional') add(to ?? undefined);
  };
  for (const name of installedPackages) {
    const node = tree.children.get(name);
    if (node === undefined) throw new Error(`package-lock.json has no package ${name}: run npm install.`);
    add(node);
  }
  return [...needed];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
