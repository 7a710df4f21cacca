/** Commits in the order in which they can happen: each waits until no other transaction has read what it changes. */
import type { Environment } from '../environment.ts';
import { GrpcError } from '../grpc-error.ts';
import type { Transaction } from './transactions.ts';

/** How long a commit waits, in ms: as long as in Google's emulator. */
const LOCK_TIMEOUT = 2_000;

export interface Commit {
  /** Undefined for a commit outside of transactions. */
  readonly transaction: Transaction | undefined;
  /** The other open transactions that have read what the commit would change. */
  blockers(): Transaction[];
  run(): void;
  refuse(error: GrpcError): void;
}

interface Waiting {
  readonly commit: Commit;
  readonly cancelTimeout: () => void;
}

export class CommitQueue {
  readonly #environment: Environment;
  /** In the order of their arrival. */
  #waiting: Waiting[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  add(commit: Commit): void {
    if (commit.blockers().length === 0) commit.run();
    else this.#wait(commit);
    this.settle();
  }

  #wait(commit: Commit): void {
    const cancelTimeout = this.#environment.after(LOCK_TIMEOUT, () => {
      this.#refuse(commit);
      this.settle();
    });
    this.#waiting.push({ commit, cancelTimeout });
  }

  /** Runs every commit that nothing blocks any more; to be called whenever a transaction has ended. */
  settle(): void {
    for (;;) {
      const commits = this.#waiting.map(({ commit }) => commit);
      const ready = commits.find((commit) => commit.blockers().length === 0);
      const deadlocked = ready ?? commits.find((commit) => isDeadlocked(commit, commits));
      if (deadlocked === undefined) return;
      if (ready === undefined) {
        this.#refuse(deadlocked);
      } else {
        this.#remove(ready);
        ready.run();
      }
    }
  }

  #refuse(commit: Commit): void {
    this.#remove(commit);
    commit.refuse(new GrpcError('ABORTED', 'Too much contention on these documents. Please try again.'));
  }

  #remove(commit: Commit): void {
    this.#waiting.find((each) => each.commit === commit)?.cancelTimeout();
    this.#waiting = this.#waiting.filter((each) => each.commit !== commit);
  }
}

/** Whether the commit waits for a transaction that, over any number of others, waits for the commit's own. */
function isDeadlocked(start: Commit, commits: readonly Commit[]): boolean {
  const seen = new Set<Transaction>();
  const leadsBack = (commit: Commit): boolean =>
    commit.blockers().some((blocker) => {
      if (blocker === start.transaction) return true;
      if (seen.has(blocker)) return false;
      seen.add(blocker);
      const next = commits.find(({ transaction }) => transaction === blocker);
      return next !== undefined && leadsBack(next);
    });
  return start.transaction !== undefined && leadsBack(start);
}
