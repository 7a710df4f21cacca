/** Whose code the time of a profile went to. */
import { readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { sum } from 'simple-statistics';

/** The part of a process's time that somebody's own code took, without what it called. */
export interface Cost {
  /** A package, a file of the functions, a module of Node, or a word of V8's such as `(garbage collector)`. */
  readonly place: string;
  /** Of the time in which the process did anything, 0 to 1. */
  readonly share: number;
}

/** Neither work nor anybody's. */
const IDLE = '(idle)';

/** Above each file that it has taken in, the bundler leaves a line with the path. */
const SOURCE = /^\/\/ (?<file>\S+\.\w+)$/u;

/** @returns the costs, the greatest first. */
export function costsIn({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Cost[] {
  const bundle = new Bundle();
  const places = new Map(nodes.map(({ id, callFrame }) => [id, bundle.placeOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const place = places.get(id) ?? IDLE;
    times.set(place, (times.get(place) ?? 0) + (timeDeltas[index] ?? 0));
  }
  times.delete(IDLE);
  const busy = sum([...times.values()]);
  return [...times]
    .map(([place, time]) => ({ place, share: time / busy }))
    .toSorted((one, other) => other.share - one.share);
}

/** The deployed files, each of which holds many others. */
class Bundle {
  readonly #lines = new Map<string, readonly string[]>();

  placeOf({ url, lineNumber, functionName }: Profiler.Profile['nodes'][number]['callFrame']): string {
    if (url === '') return functionName.startsWith('(') ? functionName : 'built into V8 and Node';
    if (url.startsWith('node:')) return url;
    return shortened(this.#sourceAt(url, lineNumber) ?? 'the bundle itself');
  }

  /** The path that stands above a line. */
  #sourceAt(url: string, lineNumber: number): string | undefined {
    if (!url.startsWith('file:') || url.includes('/node_modules/')) return url;
    let lines = this.#lines.get(url);
    if (lines === undefined) {
      lines = readFileSync(fileURLToPath(url), 'utf8').split('\n');
      this.#lines.set(url, lines);
    }
    for (let line = Math.min(lineNumber, lines.length - 1); line >= 0; line -= 1) {
      const file = SOURCE.exec(lines[line] ?? '')?.groups?.['file'];
      if (file !== undefined) return file;
    }
    return undefined;
  }
}

/** The name of the package, for what comes from one. */
function shortened(path: string): string {
  const [, name] = /.*\bnode_modules\/(?<name>(?:@[^/]+\/)?[^/]+)/u.exec(path) ?? [];
  return name ?? path.replace(/^.*\/(?=functions\/src\/)/u, '');
}
