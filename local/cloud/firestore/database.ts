/** One database: documents, transactions and commits, without any network. */
import { countsOf, parseCounts, type StructuredAggregationQuery } from './aggregation.ts';
import type { Environment } from '../environment.ts';
import { Committer, type Change, type CommitResult } from './committer.ts';
import type { Document } from './documents.ts';
import { GrpcError, invalid } from '../grpc-error.ts';
import { Query, type StructuredQuery } from './query.ts';
import { around, below, isInScope } from './scope.ts';
import { toTimestamp } from './times.ts';
import { OpenTransactions, type Transaction, type TransactionOptions } from './transactions.ts';
import type { Timestamp, Value } from './values.ts';
import { Versions, type Snapshot } from './versions.ts';
import { parseWrite, type ParsedWrite, type Write, type WriteResult } from './writes.ts';

/** As of when to read: `consistency_selector` of every request that reads. Without one, as of now. */
export interface Reading {
  readonly transaction?: Uint8Array;
  readonly newTransaction?: TransactionOptions | null;
  readonly readTime?: Timestamp | null;
}

/** What every answer to a reading begins with. */
export interface Answer {
  /** The transaction that the reading began. */
  readonly transaction?: Uint8Array;
  readonly readTime: Timestamp;
}

export class Database {
  readonly name: string;
  readonly #versions: Versions;
  readonly #transactions: OpenTransactions;
  readonly #committer: Committer;

  constructor(name: string, environment: Environment, onChange: (change: Change) => void) {
    this.name = name;
    this.#versions = new Versions(environment);
    this.#transactions = new OpenTransactions(environment);
    this.#committer = new Committer(name, environment, this.#versions, this.#transactions, onChange);
  }

  /** @throws GrpcError */
  begin({ readOnly, readWrite }: TransactionOptions): Uint8Array {
    const retried = readWrite?.retryTransaction;
    if (retried !== undefined) this.rollback(retried);
    const snapshot = readOnly && this.#snapshotAt(readOnly.readTime);
    return this.#transactions.begin(snapshot).id;
  }

  /** A transaction that has ended already stays so. */
  rollback(id: Uint8Array): void {
    this.#transactions.abandon(id);
    this.#committer.settle();
  }

  /** @returns the documents at the paths, in their order; undefined for each that does not exist. */
  get(paths: readonly string[], reading: Reading): Answer & { documents: (Document | undefined)[] } {
    const { snapshot, transaction, answer } = this.#open(reading);
    transaction?.lockPaths(paths);
    return { ...answer, documents: paths.map((path) => snapshot.documents.get(path)) };
  }

  /** @throws GrpcError */
  runQuery(
    parent: string | undefined,
    structuredQuery: StructuredQuery,
    reading: Reading,
  ): Answer & { documents: Document[] } {
    const query = new Query(parent, structuredQuery);
    const { snapshot, transaction, answer } = this.#open(reading);
    transaction?.lockRange((document) => query.matches(document));
    return { ...answer, documents: query.run(around(snapshot, query.scope)) };
  }

  /** @throws GrpcError */
  runAggregationQuery(
    parent: string | undefined,
    { structuredQuery, aggregations }: StructuredAggregationQuery,
    reading: Reading,
  ): Answer & { aggregateFields: Record<string, Value> } {
    if (structuredQuery === undefined) throw invalid('StructuredAggregationQuery lacks a structured_query.');
    const counts = parseCounts(aggregations);
    const { documents, ...answer } = this.runQuery(parent, structuredQuery, reading);
    return { ...answer, aggregateFields: countsOf(counts, documents.length) };
  }

  /**
   * The documents of a collection by the paths that they have or could have, in order; undefined for one that does
   * not exist but has collections.
   * @param parent path of a document, or empty.
   */
  list(parent: string, collectionId: string | undefined, reading: Reading): [string, Document | undefined][] {
    const scope = { parent, collectionId, allDescendants: false };
    const { snapshot, transaction } = this.#open(reading);
    transaction?.lockRange((document) => isInScope(scope, document.path));
    const depth = parent === '' ? 2 : parent.split('/').length + 2;
    const found = new Map<string, Document | undefined>();
    for (const { path } of around(snapshot, scope)) {
      const candidate = path.split('/').slice(0, depth).join('/');
      found.set(candidate, snapshot.documents.get(candidate));
    }
    return [...found];
  }

  /** @param parent path of a document, or empty. */
  collectionIds(parent: string, reading: Reading): string[] {
    const prefix = parent === '' ? '' : `${parent}/`;
    const ids = new Set<string>();
    for (const { path } of below(this.#open(reading).snapshot.documents, prefix)) {
      ids.add(path.slice(prefix.length).split('/')[0] ?? '');
    }
    return [...ids];
  }

  /**
   * Applies all the writes or none of them, as soon as no other transaction has read what they change.
   * @throws GrpcError ABORTED when the wait is too long or a deadlock; other codes when a write is refused.
   */
  async commit(writes: readonly Write[], transactionId?: Uint8Array): Promise<CommitResult> {
    const parsed = writes.map((write) => parseWrite(this.name, write));
    if (transactionId === undefined) return this.#committer.commit(parsed);
    const transaction = this.#transactions.use(transactionId);
    if (transaction.snapshot !== undefined && writes.length > 0) {
      throw invalid('Cannot modify entities in a read-only transaction.');
    }
    transaction.isCommitting = true;
    return this.#committer.commit(parsed, transaction);
  }

  /** Applies each write for itself. @returns in the writes' order. @throws GrpcError when one is malformed. */
  async batchWrite(writes: readonly Write[]): Promise<(WriteResult | GrpcError)[]> {
    const parsed = writes.map((write) => parseWrite(this.name, write));
    if (new Set(parsed.map(({ path }) => path)).size < parsed.length) {
      throw invalid('the same document cannot be written more than once in a single request');
    }
    return Promise.all(parsed.map((write) => this.#writeAlone(write)));
  }

  async #writeAlone(write: ParsedWrite): Promise<WriteResult | GrpcError> {
    try {
      const { writeResults } = await this.#committer.commit([write]);
      return writeResults[0] ?? { transformResults: [] };
    } catch (error) {
      if (error instanceof GrpcError) return error;
      throw error;
    }
  }

  #open({ transaction: id, newTransaction, readTime }: Reading): {
    snapshot: Snapshot;
    /** Whose reads lock. */
    transaction: Transaction | undefined;
    answer: Answer;
  } {
    const began = newTransaction ? this.begin(newTransaction) : undefined;
    const used = began ?? id;
    const transaction = used && this.#transactions.use(used);
    const snapshot =
      transaction?.snapshot ?? (readTime ? this.#versions.at(readTime) : this.#versions.latest());
    return {
      snapshot,
      transaction: transaction?.snapshot === undefined ? transaction : undefined,
      answer: { ...(began && { transaction: began }), readTime: toTimestamp(snapshot.readTime) },
    };
  }

  #snapshotAt(readTime: Timestamp | null | undefined): Snapshot {
    const { documents, readTime: time } = readTime ? this.#versions.at(readTime) : this.#versions.latest();
    return { documents: documents.clone(), readTime: time };
  }
}
