/** The documents of a database: now, and as they were a few commits ago. */
import sortedBTree from 'sorted-btree';
import type { Environment } from '../environment.ts';
import type { Document } from './documents.ts';
import { GrpcError, invalid } from '../grpc-error.ts';
import { comparePaths } from './string-order.ts';
import { toMicros } from './times.ts';
import type { Timestamp } from './values.ts';
import type { Changes } from './writes.ts';

/** Documents by path, in Firestore's order. A clone costs nothing until one of the two changes. */
export type Documents = sortedBTree.default<string, Document>;

export interface Snapshot {
  readonly documents: Documents;
  /** In microseconds since 1970. */
  readonly readTime: number;
}

/** How many commits ago a `read_time` may be. Firestore itself goes back by time, an hour at least. */
const VERSIONS_KEPT = 100;

export class Versions {
  readonly current: Documents = new sortedBTree.default<string, Document>(undefined, comparePaths);
  readonly #environment: Environment;
  /** Oldest first, each with the time of the commit that ended it. */
  readonly #earlier: { readonly until: number; readonly documents: Documents }[] = [];
  /** No version from before this time is known. */
  #knownSince: number;
  #lastTime: number;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#lastTime = environment.now() * 1_000;
    this.#knownSince = this.#lastTime;
  }

  /** Later than every earlier commit and read, even when the clock stands still. In microseconds. */
  nextCommitTime(): number {
    this.#lastTime = Math.max(this.#environment.now() * 1_000, this.#lastTime + 1);
    return this.#lastTime;
  }

  /** All that is committed until now: every later commit gets a later time. */
  latest(): Snapshot {
    this.#lastTime = Math.max(this.#environment.now() * 1_000, this.#lastTime);
    return { documents: this.current, readTime: this.#lastTime };
  }

  /** @throws GrpcError when the time is in the future, or from before the versions that are kept. */
  at(readTime: Timestamp): Snapshot {
    const time = toMicros(readTime);
    const { documents, readTime: latest } = this.latest();
    if (time > latest) throw invalid("The requested 'read_time' cannot be in the future.");
    if (time < this.#knownSince) {
      throw new GrpcError('FAILED_PRECONDITION', "The requested 'read_time' is too old.");
    }
    const earlier = this.#earlier.find(({ until }) => time < until);
    return { documents: earlier?.documents ?? documents, readTime: time };
  }

  commit(changes: Changes, time: number): void {
    this.#earlier.push({ until: time, documents: this.current.clone() });
    if (this.#earlier.length > VERSIONS_KEPT) this.#knownSince = this.#earlier.shift()?.until ?? time;
    for (const [path, document] of changes) {
      if (document === undefined) this.current.delete(path);
      else this.current.set(path, document);
    }
  }
}
