import { hash } from 'node:crypto';

/** One purchase, as far as the report asks. */
export interface Purchase {
  /** The same for the same purchase, however often it is told. */
  readonly id: string;
  /** The same for the same buyer; absent when nobody knows who bought. */
  readonly buyer?: string;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  /** 0 to 23, where the purchase was made. */
  readonly hour: number;
  /** In words for people; absent when unknown. */
  readonly place?: string;
}

/**
 * All purchases in as few bytes as answering takes: a time and the number of its buyer each. A million of them fit
 * into some 200 MB, most of it to tell repetitions.
 */
export class PurchaseHistory {
  readonly purchasesByHour = new Array<number>(24).fill(0);
  readonly purchasesByPlace = new Map<string, number>();
  /** How many purchases came again and were not counted again. */
  repetitions = 0;

  readonly #seen = new Set<string>();
  readonly #numberOf = new Map<string, number>();
  #buyers = new Int32Array(1024);
  #times = new Float64Array(1024);
  #length = 0;
  #anonymous = 0;

  add({ id, buyer, occurredAt, hour, place }: Purchase): void {
    const key = fingerprint(id);
    if (this.#seen.has(key)) {
      this.repetitions += 1;
      return;
    }
    this.#seen.add(key);
    this.purchasesByHour[hour] = (this.purchasesByHour[hour] ?? 0) + 1;
    if (place !== undefined) this.purchasesByPlace.set(place, (this.purchasesByPlace.get(place) ?? 0) + 1);
    if (buyer === undefined) this.#anonymous += 1;
    else this.#keep(this.#number(fingerprint(buyer)), occurredAt);
  }

  get transactions(): number {
    return this.#length + this.#anonymous;
  }

  get withEmail(): number {
    return this.#length;
  }

  get customers(): number {
    return this.#numberOf.size;
  }

  /** The times of each buyer's purchases, the earliest first; epoch milliseconds. */
  *timesByBuyer(): Generator<Float64Array> {
    const ends = new Int32Array(this.customers + 1);
    for (const buyer of this.#buyers.subarray(0, this.#length)) ends[buyer + 1] = (ends[buyer + 1] ?? 0) + 1;
    for (let buyer = 1; buyer < ends.length; buyer += 1)
      ends[buyer] = (ends[buyer] ?? 0) + (ends[buyer - 1] ?? 0);
    const next = ends.slice();
    const grouped = new Float64Array(this.#length);
    for (let index = 0; index < this.#length; index += 1) {
      const buyer = this.#buyers[index] ?? 0;
      const at = next[buyer] ?? 0;
      grouped[at] = this.#times[index] ?? 0;
      next[buyer] = at + 1;
    }
    for (let buyer = 0; buyer < this.customers; buyer += 1)
      yield grouped.subarray(ends[buyer], ends[buyer + 1]).sort();
  }

  #number(buyer: string): number {
    const known = this.#numberOf.get(buyer);
    if (known !== undefined) return known;
    this.#numberOf.set(buyer, this.#numberOf.size);
    return this.#numberOf.size - 1;
  }

  #keep(buyer: number, occurredAt: number): void {
    if (this.#length === this.#times.length) this.#grow();
    this.#buyers[this.#length] = buyer;
    this.#times[this.#length] = occurredAt;
    this.#length += 1;
  }

  #grow(): void {
    const [buyers, times] = [this.#buyers, this.#times];
    this.#buyers = new Int32Array(buyers.length * 2);
    this.#times = new Float64Array(times.length * 2);
    this.#buyers.set(buyers);
    this.#times.set(times);
  }
}

/** 160 bits as one character a byte: beyond chance collisions, and smaller than what it stands for. */
function fingerprint(text: string): string {
  return hash('sha1', text, 'binary');
}
