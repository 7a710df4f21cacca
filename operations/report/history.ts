import { hash } from 'node:crypto';

/** What the report uses of a purchase. */
export interface Purchase {
  /** The same for every copy of the same purchase. */
  readonly id: string;
  /** The same for every purchase of a buyer; absent when the buyer is unknown. */
  readonly buyer?: string;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  /** 0 to 23, on the clock where the purchase was made. */
  readonly hour: number;
  /** For people; absent when unknown. */
  readonly place?: string;
}

/** All purchases, each counted once. Keeps only what the report needs: there may be millions. */
export class PurchaseHistory {
  readonly purchasesByHour = new Array<number>(24).fill(0);
  readonly purchasesByPlace = new Map<string, number>();
  /** How many purchases came again and were not counted again. */
  repetitions = 0;
  /** How many purchases have a known buyer. */
  withEmail = 0;

  readonly #seen = new Set<string>();
  readonly #timesByBuyer = new Map<string, number[]>();

  add({ id, buyer, occurredAt, hour, place }: Purchase): void {
    const key = fingerprint(id);
    if (this.#seen.has(key)) {
      this.repetitions += 1;
      return;
    }
    this.#seen.add(key);
    this.purchasesByHour[hour] = (this.purchasesByHour[hour] ?? 0) + 1;
    if (place !== undefined) this.purchasesByPlace.set(place, (this.purchasesByPlace.get(place) ?? 0) + 1);
    if (buyer !== undefined) this.#addTime(fingerprint(buyer), occurredAt);
  }

  get transactions(): number {
    return this.#seen.size;
  }

  get customers(): number {
    return this.#timesByBuyer.size;
  }

  /** The times of each buyer's purchases, the earliest first, in epoch milliseconds. */
  *timesByBuyer(): Generator<readonly number[]> {
    for (const times of this.#timesByBuyer.values()) yield times.toSorted((one, other) => one - other);
  }

  #addTime(buyer: string, time: number): void {
    this.withEmail += 1;
    const times = this.#timesByBuyer.get(buyer);
    if (times === undefined) this.#timesByBuyer.set(buyer, [time]);
    else times.push(time);
  }
}

/** 160 bits, as one character a byte: no collisions by chance, and smaller than most IDs. */
function fingerprint(text: string): string {
  return hash('sha1', text, 'binary');
}
