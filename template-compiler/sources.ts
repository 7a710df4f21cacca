import { isUtf8 } from 'node:buffer';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { faultLines } from '../functions/src/faults.ts';
import type { FaultList } from './faults.ts';
import { sourceHash, templatesFolder } from './source-hash.mjs';

/** The files in a folder of templates. Paths are relative to the folder and use forward slashes. */
export class Sources {
  readonly folder: string;

  constructor(folder: string = templatesFolder) {
    this.folder = folder;
  }

  /** The templates: every folder with a `template.yaml`. */
  templateNames(): readonly string[] {
    const declaration = '/template.yaml';
    return this.#files()
      .filter((file) => file.endsWith(declaration))
      .map((file) => file.slice(0, -declaration.length));
  }

  /** @throws Error when there is no such file, or when it is not UTF-8. */
  read(file: string): string {
    const bytes = this.#bytesOf(file);
    if (!isUtf8(bytes)) throw new Error(`line ${firstBadLine(bytes)} is not UTF-8 text`);
    return bytes.toString();
  }

  /** A text file. When it cannot be read it is empty, and the fault is on the list. */
  readText(file: string, faults: FaultList): string {
    try {
      return this.read(file);
    } catch (error) {
      faults.addError(`templates/${file}`, error);
      return '';
    }
  }

  /** A YAML file in the shape of a schema. When it has faults it is undefined, and they are on the list. */
  readYaml<T>(file: string, schema: z.ZodType<T>, faults: FaultList): T | undefined {
    const where = `templates/${file}`;
    try {
      const parsed = schema.safeParse(parse(this.read(file), { merge: true }));
      if (parsed.success) return parsed.data;
      for (const line of faultLines(parsed.error, 'the whole')) faults.add(where, line);
    } catch (error) {
      faults.addError(where, error);
    }
    return undefined;
  }

  /** Changes when a source changes, or the code that compiles the sources. */
  hash(): string {
    return sourceHash(this.folder);
  }

  #bytesOf(file: string): Buffer {
    return readFileSync(path.join(this.folder, file));
  }

  #files(): readonly string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(this.folder, path.join(entry.parentPath, entry.name)))
      .map((file) => file.replaceAll(path.sep, '/'))
      .toSorted();
  }
}

/** The number of the first line that is not UTF-8, from 1. */
function firstBadLine(bytes: Buffer): number {
  const lines = bytes.toString('latin1').split('\n');
  return 1 + lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
}
