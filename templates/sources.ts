import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { z } from 'zod';
import type { FaultList } from './faults.ts';

/** Reading what people write below `templates/`. */

export const templatesFolder = fileURLToPath(new URL('.', import.meta.url));

/** The templates: every folder with a `template.yaml`. */
export function templateNames(): readonly string[] {
  return sourceFiles()
    .filter((path) => path.endsWith('/template.yaml'))
    .map((path) => path.slice(0, -'/template.yaml'.length));
}

/** Everything below the folder that a compiled template may depend on, as paths with `/`. */
function sourceFiles(): readonly string[] {
  return readdirSync(templatesFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(templatesFolder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}

export function readSource(path: string): string {
  return readFileSync(join(templatesFolder, path), 'utf8');
}

/** A YAML file in the shape of a schema; undefined when it is not, with the faults added to the list. */
export function readYaml<T>(path: string, schema: z.ZodType<T>, faults: FaultList): T | undefined {
  const where = `templates/${path}`;
  let value: unknown;
  try {
    value = parse(readSource(path), { merge: true });
  } catch (error) {
    faults.add(where, error instanceof Error ? error.message : 'cannot be read');
    return undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) faults.add(where, `${issue.path.join('.')}: ${issue.message}`);
  return undefined;
}

/** Changes when any source does, or any of the code that compiles them. */
export function hashOfSources(): string {
  const hash = createHash('sha256');
  const code = ['compiled-templates.ts', 'declaration.ts', 'renderer.ts'].map(
    (file) => `../functions/src/adapters/liquid/${file}`,
  );
  for (const path of [...sourceFiles(), ...code, '../node_modules/mjml/package.json']) {
    hash.update(`${path}\0${readSource(path)}\0`);
  }
  return hash.digest('hex');
}
