import { EventEmitter, once } from 'node:events';
import {
  isCustomerLog,
  isMessageLog,
  isOutreachLog,
  type FailureLog,
  type FunctionLog,
} from '../stack/function-logs.ts';

/** When nothing at all happens for this long while something is outstanding, it never will. In ms. */
const PATIENCE = 60_000;

/**
 * Knows from the logs which of the published purchases have been dealt with. A message is, when it was recorded, found
 * a duplicate or quarantined; a recorded purchase with an email address is, when it has also been decided whether its
 * buyer gets an email. A repetition of a log, from an event delivered twice, changes nothing.
 */
export class Settlement {
  readonly #published = new Set<string>();
  readonly #outcomes = new Map<string, 'recorded' | 'duplicate' | 'quarantined' | 'failed'>();
  /** `{customerId} {transactions}` of every decision. */
  readonly #decisions = new Set<string>();
  readonly #skipped = new Map<string, number>();
  readonly #failures: FailureLog[] = [];
  readonly #changes = new EventEmitter();
  #undecidedMessages = 0;
  /** Below zero for the moment in which a decision is heard of before the recording that led to it. */
  #undecidedPurchases = 0;

  published(messageId: string): void {
    this.#published.add(messageId);
    if (!this.#outcomes.has(messageId)) this.#undecidedMessages += 1;
    this.#changes.emit('change');
  }

  observe(log: FunctionLog): void {
    if (isMessageLog(log)) {
      const isNew = this.#conclude(log.messageId, messageOutcomes[log.event]);
      if (isNew && log.event === 'transaction-recorded' && log.customerId !== undefined) {
        this.#undecidedPurchases += 1;
      }
    } else if (isOutreachLog(log)) {
      const decision = `${log.customerId} ${log.transactions}`;
      if (!this.#decisions.has(decision)) {
        this.#decisions.add(decision);
        this.#undecidedPurchases -= 1;
        if (log.event === 'outreach-skipped') {
          this.#skipped.set(log.reason, (this.#skipped.get(log.reason) ?? 0) + 1);
        }
      }
    } else if (!isCustomerLog(log)) this.#fail(log);
    this.#changes.emit('change');
  }

  /** Purchases published and not yet dealt with. */
  get outstanding(): number {
    return this.#undecidedMessages + Math.max(0, this.#undecidedPurchases);
  }

  /** Purchases published and dealt with. */
  get done(): number {
    return Math.max(0, this.#published.size - this.outstanding);
  }

  get failures(): readonly FailureLog[] {
    return this.#failures;
  }

  get duplicates(): number {
    return [...this.#outcomes.values()].filter((outcome) => outcome === 'duplicate').length;
  }

  /** How many decisions not to write there were, by reason. */
  get skipped(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#skipped].toSorted());
  }

  /**
   * Resolves as soon as no more than `limit` purchases are outstanding.
   * @throws Error saying what is outstanding when nothing happens any more.
   */
  async reaches(limit: number, patience = PATIENCE): Promise<void> {
    while (this.outstanding > limit) {
      try {
        await once(this.#changes, 'change', { signal: AbortSignal.timeout(patience) });
      } catch (cause) {
        throw new Error(`Nothing has happened for ${patience / 1000} s. ${this.#outstandingInWords()}`, {
          cause,
        });
      }
    }
  }

  #conclude(messageId: string, outcome: 'recorded' | 'duplicate' | 'quarantined' | 'failed'): boolean {
    if (this.#outcomes.has(messageId)) return false;
    this.#outcomes.set(messageId, outcome);
    if (this.#published.has(messageId)) this.#undecidedMessages -= 1;
    return true;
  }

  /** The emulators acknowledge what failed: nothing more will be heard of it. */
  #fail(log: FailureLog): void {
    this.#failures.push(log);
    if (log.messageId !== undefined) this.#conclude(log.messageId, 'failed');
    else if (log.document !== undefined) this.#undecidedPurchases -= 1;
  }

  #outstandingInWords(): string {
    return (
      `Outstanding: ${this.#undecidedMessages} messages that were neither recorded nor found duplicate nor ` +
      `quarantined, and ${this.#undecidedPurchases} recorded purchases without a decision about their buyer.`
    );
  }
}

const messageOutcomes = {
  'transaction-recorded': 'recorded',
  'transaction-duplicate': 'duplicate',
  'message-quarantined': 'quarantined',
} as const;
