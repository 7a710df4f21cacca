/** Carries out commits, one after the other, as soon as no open transaction is in their way. */
import type { Environment } from '../environment.ts';
import { CommitQueue } from './commit-queue.ts';
import type { Document } from './documents.ts';
import { toTimestamp } from './times.ts';
import type { OpenTransactions, Transaction } from './transactions.ts';
import type { Timestamp } from './values.ts';
import type { Versions } from './versions.ts';
import { applyWrites, type Applied, type ParsedWrite, type WriteResult } from './writes.ts';

/** One document that one commit has changed. */
export interface Change {
  /** `projects/{project}/databases/{database}` */
  readonly database: string;
  readonly path: string;
  readonly before: Document | undefined;
  readonly after: Document | undefined;
  readonly commitTime: Timestamp;
}

export interface CommitResult {
  readonly writeResults: readonly WriteResult[];
  readonly commitTime: Timestamp;
}

export class Committer {
  readonly #database: string;
  readonly #versions: Versions;
  readonly #transactions: OpenTransactions;
  readonly #queue: CommitQueue;
  readonly #onChange: (change: Change) => void;

  constructor(
    database: string,
    environment: Environment,
    versions: Versions,
    transactions: OpenTransactions,
    onChange: (change: Change) => void,
  ) {
    this.#database = database;
    this.#versions = versions;
    this.#transactions = transactions;
    this.#queue = new CommitQueue(environment);
    this.#onChange = onChange;
  }

  /** @param transaction ends, whether the commit succeeds or not. @throws GrpcError */
  commit(writes: readonly ParsedWrite[], transaction?: Transaction): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        if (transaction !== undefined) this.#transactions.end(transaction);
      };
      this.#queue.add({
        transaction,
        blockers: () => this.#blockers(writes, transaction),
        run: () => {
          end();
          resolve(this.#apply(writes));
        },
        refuse: (error) => {
          end();
          reject(error);
        },
      });
    });
  }

  /** To be called whenever a transaction has ended otherwise. */
  settle(): void {
    this.#queue.settle();
  }

  #blockers(writes: readonly ParsedWrite[], own: Transaction | undefined): Transaction[] {
    const others = this.#transactions.readers().filter((transaction) => transaction !== own);
    if (others.length === 0) return [];
    const paths = writes.map(({ path }) => path);
    const versions = this.#versionsOf(writes);
    return others.filter((transaction) => transaction.hasRead(paths, versions));
  }

  /** The documents that the writes concern, as they are and as they would become now. */
  #versionsOf(writes: readonly ParsedWrite[]): Document[] {
    const before = writes.flatMap(({ path }) => this.#versions.current.get(path) ?? []);
    try {
      const { changes } = this.#result(writes, this.#versions.latest().readTime);
      return [...before, ...[...changes.values()].filter((document) => document !== undefined)];
    } catch {
      // They are going to be refused, unless something else is committed first.
      return before;
    }
  }

  #result(writes: readonly ParsedWrite[], commitTime: number): Applied {
    return applyWrites(this.#database, writes, (path) => this.#versions.current.get(path), commitTime);
  }

  /** Happens at once: it is asynchronous only so that what it throws is what the promise rejects with. */
  async #apply(writes: readonly ParsedWrite[]): Promise<CommitResult> {
    const time = this.#versions.nextCommitTime();
    const { changes, results } = this.#result(writes, time);
    const befores = new Map([...changes.keys()].map((path) => [path, this.#versions.current.get(path)]));
    this.#versions.commit(changes, time);
    const commitTime = toTimestamp(time);
    for (const [path, after] of changes) {
      this.#onChange({ database: this.#database, path, before: befores.get(path), after, commitTime });
    }
    return { writeResults: results, commitTime };
  }
}
