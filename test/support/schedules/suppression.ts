import type { Fact, FactOf } from './history.ts';
import { day } from '../transactions.ts';

/** A pause of three months ends with a day (UTC). */
const PAUSE = (3 * 365.25 * day) / 12;

/** What certainly keeps a customer from getting emails at a place in the history, from when on it does, in epoch ms. */
export interface Suppressed {
  readonly forGood: number | undefined;
  readonly paused: { readonly since: number; readonly until: number } | undefined;
}

/**
 * What the customer and SendGrid's webhook have said so far, as far as it is stored for certain: a choice is certain when it
 * has been made completely and no undo was under way.
 */
export function suppressionAt(place: number, customerId: string, history: readonly Fact[]): Suppressed {
  const known = new KnownSuppression();
  for (const fact of history.slice(0, place)) {
    if (!('customerId' in fact) || fact.customerId !== customerId) continue;
    if (fact.fact === 'complaining') known.beginComplaint(fact);
    else if (fact.fact === 'complained') known.endComplaint(fact);
    else if (fact.fact === 'choosing') known.beginChoice(fact);
    else known.endChoice(fact);
  }
  return known.result();
}

class KnownSuppression {
  #complainedAt = Infinity;
  #stoppedAt = Infinity;
  #paused: Suppressed['paused'];
  readonly #undoing = new Set<number>();
  /** When each choice began that is not stored completely, and that no undo has overtaken. */
  readonly #open = new Map<number, number>();
  /** The reports of the webhook that no undo has overtaken. */
  readonly #reported = new Set<number>();

  beginComplaint({ id }: FactOf<'complaining'>): void {
    if (this.#undoing.size === 0) this.#reported.add(id);
  }

  /** An undo lifts nothing but an unsubscribe. */
  endComplaint({ reason, id, at }: FactOf<'complained'>): void {
    if (reason !== 'unsubscribed') this.#complainedAt = Math.min(this.#complainedAt, at);
    else if (this.#reported.has(id)) this.#stoppedAt = Math.min(this.#stoppedAt, at);
  }

  beginChoice({ choice, id, at }: FactOf<'choosing'>): void {
    if (choice === 'undo') {
      this.#undo();
      this.#undoing.add(id);
    } else {
      this.#open.set(id, at);
    }
  }

  endChoice({ choice, id, at }: FactOf<'chosen'>): void {
    if (choice === 'undo') {
      this.#undo();
      this.#undoing.delete(id);
      return;
    }
    const begunAt = this.#open.get(id);
    if (begunAt === undefined || this.#undoing.size > 0) return;
    if (choice === 'stop') this.#stoppedAt = Math.min(this.#stoppedAt, at);
    else this.#paused = longerPause(this.#paused, { since: at, until: endOfPause(begunAt) });
  }

  #undo(): void {
    this.#stoppedAt = Infinity;
    this.#paused = undefined;
    this.#open.clear();
    this.#reported.clear();
  }

  result(): Suppressed {
    const forGood = Math.min(this.#complainedAt, this.#stoppedAt);
    return { forGood: forGood === Infinity ? undefined : forGood, paused: this.#paused };
  }
}

function endOfPause(at: number): number {
  return Math.ceil((at + PAUSE) / day) * day;
}

function longerPause(one: Suppressed['paused'], other: NonNullable<Suppressed['paused']>) {
  return {
    since: Math.min(one?.since ?? other.since, other.since),
    until: Math.max(one?.until ?? other.until, other.until),
  };
}

/** Since when the customer has been suppressed at that time; undefined when they are not. Epoch ms, both. */
export function suppressedSince({ forGood, paused }: Suppressed, at: number): number | undefined {
  const pausedSince = paused !== undefined && at < paused.until ? paused.since : undefined;
  if (forGood === undefined || pausedSince === undefined) return forGood ?? pausedSince;
  return Math.min(forGood, pausedSince);
}
