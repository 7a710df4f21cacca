/**
 * Transactions as server clients get them: pessimistic. What a transaction has read stays as it is until it ends:
 * a commit that would change it waits (https://firebase.google.com/docs/firestore/transaction-data-contention).
 */
import type { Environment } from '../environment.ts';
import type { Document } from './documents.ts';
import { invalid } from '../grpc-error.ts';
import type { Timestamp } from './values.ts';
import type { Snapshot } from './versions.ts';

export interface TransactionOptions {
  readonly readOnly?: { readonly readTime?: Timestamp | null };
  readonly readWrite?: { readonly retryTransaction?: Uint8Array };
}

/** In ms, both: https://firebase.google.com/docs/firestore/quotas#writes_and_transactions */
const MOST_IDLE = 60_000;
const LONGEST = 270_000;

export class Transaction {
  readonly id: Uint8Array;
  /** What a read-only transaction reads; undefined for one that may write. */
  readonly snapshot: Snapshot | undefined;
  readonly startedAt: number;
  usedAt: number;
  isCommitting = false;
  readonly #paths = new Set<string>();
  readonly #ranges: ((document: Document) => boolean)[] = [];

  constructor(id: Uint8Array, snapshot: Snapshot | undefined, now: number) {
    this.id = id;
    this.snapshot = snapshot;
    this.startedAt = now;
    this.usedAt = now;
  }

  /** Locks the documents at the paths, also those that do not exist. */
  lockPaths(paths: readonly string[]): void {
    for (const path of paths) this.#paths.add(path);
  }

  /** Locks all documents that a query could find, also those that do not exist yet. */
  lockRange(contains: (document: Document) => boolean): void {
    this.#ranges.push(contains);
  }

  /** @param versions of documents, before and after a commit. */
  hasRead(paths: readonly string[], versions: readonly Document[]): boolean {
    return (
      paths.some((path) => this.#paths.has(path)) ||
      this.#ranges.some((contains) => versions.some((document) => contains(document)))
    );
  }
}

/** The transactions of one database that have not ended. */
export class OpenTransactions {
  readonly #environment: Environment;
  readonly #byId = new Map<string, Transaction>();
  #count = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** @param snapshot for a read-only transaction. */
  begin(snapshot: Snapshot | undefined): Transaction {
    const id = Buffer.alloc(8);
    id.writeBigUInt64BE(BigInt(++this.#count));
    const transaction = new Transaction(id, snapshot, this.#environment.now());
    this.#byId.set(keyOf(id), transaction);
    return transaction;
  }

  /** @throws GrpcError for one that has ended, expired, or never began, in Google's words: its client looks for them. */
  use(id: Uint8Array): Transaction {
    const transaction = this.#byId.get(keyOf(id));
    if (transaction === undefined || transaction.isCommitting || this.#isExpired(transaction)) {
      throw invalid('The referenced transaction has expired or is no longer valid.');
    }
    transaction.usedAt = this.#environment.now();
    return transaction;
  }

  /** Ends the transaction unless it has ended, or is being committed. */
  abandon(id: Uint8Array): void {
    const transaction = this.#byId.get(keyOf(id));
    if (transaction !== undefined && !transaction.isCommitting) this.end(transaction);
  }

  end(transaction: Transaction): void {
    this.#byId.delete(keyOf(transaction.id));
  }

  /** Those that hold locks. */
  readers(): Transaction[] {
    const all = [...this.#byId.values()];
    for (const transaction of all.filter((each) => this.#isExpired(each))) this.end(transaction);
    return [...this.#byId.values()].filter(({ snapshot }) => snapshot === undefined);
  }

  #isExpired({ startedAt, usedAt, isCommitting }: Transaction): boolean {
    const now = this.#environment.now();
    return !isCommitting && (now - usedAt > MOST_IDLE || now - startedAt > LONGEST);
  }
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id).toString('hex');
}
