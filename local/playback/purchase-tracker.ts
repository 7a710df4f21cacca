import { EventEmitter, once } from 'node:events';
import {
  isCustomerLog,
  isMessageLog,
  isOutreachLog,
  type FailureLog,
  type FunctionLog,
} from '../stack/function-logs.ts';

/** How long `outstandingAtMost` waits without any log, in ms. */
const QUIET_TIMEOUT = 60_000;

/**
 * Tracks from the logs which published purchases are settled. A message is settled when it has been recorded, found to be a
 * duplicate, or quarantined. A recorded purchase with an email address also needs a decision about its buyer. Repeated logs,
 * from events that were delivered twice, change nothing.
 */
export class PurchaseTracker {
  readonly #published = new Set<string>();
  readonly #outcomes = new Map<string, 'recorded' | 'duplicate' | 'ignored' | 'quarantined' | 'failed'>();
  /** `{customerId} {transactions}` of every decision. */
  readonly #decisions = new Set<string>();
  readonly #skipped = new Map<string, number>();
  readonly #failures: FailureLog[] = [];
  readonly #changes = new EventEmitter();
  #undecidedMessages = 0;
  /** Below zero while the log of a decision has come before the log of its purchase. */
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

  /** Published purchases that are not settled. */
  get outstanding(): number {
    return this.#undecidedMessages + Math.max(0, this.#undecidedPurchases);
  }

  /** Published purchases that are settled. */
  get settled(): number {
    return Math.max(0, this.#published.size - this.outstanding);
  }

  get failures(): readonly FailureLog[] {
    return this.#failures;
  }

  get duplicates(): number {
    return [...this.#outcomes.values()].filter((outcome) => outcome === 'duplicate').length;
  }

  /** How many decisions sent no email, by reason. */
  get skipped(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#skipped].toSorted());
  }

  /**
   * Resolves as soon as at most `limit` purchases are outstanding.
   * @throws Error that says what is outstanding when nothing more is logged.
   */
  async outstandingAtMost(limit: number, timeout = QUIET_TIMEOUT): Promise<void> {
    while (this.outstanding > limit) {
      try {
        await once(this.#changes, 'change', { signal: AbortSignal.timeout(timeout) });
      } catch (cause) {
        throw new Error(`Nothing was logged for ${timeout / 1000} s. ${this.#outstandingText()}`, {
          cause,
        });
      }
    }
  }

  #conclude(
    messageId: string,
    outcome: 'recorded' | 'duplicate' | 'ignored' | 'quarantined' | 'failed',
  ): boolean {
    if (this.#outcomes.has(messageId)) return false;
    this.#outcomes.set(messageId, outcome);
    if (this.#published.has(messageId)) this.#undecidedMessages -= 1;
    return true;
  }

  /** The emulators acknowledge failed events, so nothing more is logged about them. */
  #fail(log: FailureLog): void {
    this.#failures.push(log);
    if (log.messageId !== undefined) this.#conclude(log.messageId, 'failed');
    else if (log.document !== undefined) this.#undecidedPurchases -= 1;
  }

  #outstandingText(): string {
    return (
      `Outstanding: ${this.#undecidedMessages} messages without a result, and ` +
      `${this.#undecidedPurchases} recorded purchases without a decision about their buyer.`
    );
  }
}

const messageOutcomes = {
  'transaction-recorded': 'recorded',
  'transaction-duplicate': 'duplicate',
  'reversal-ignored': 'ignored',
  'message-quarantined': 'quarantined',
} as const;
