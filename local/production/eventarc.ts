import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { FirestoreEvent } from '../cloud/document-events.ts';
import { startHttpServer, type HttpServer } from '../stack/http-server.ts';

/** The wait after the first failed delivery, in ms. It doubles after each further one, up to the longest. */
const FIRST_BACKOFF = 50;
const LONGEST_BACKOFF = 1_000;

export interface Target {
  readonly url: string;
  /** How many events it gets at the same time. */
  readonly concurrency: number;
}

/**
 * Stands in for Eventarc between Firestore, which reports every event once, and the function that it triggers.
 * Delivers each event until the function answers 2xx: at least once, in no guaranteed order.
 */
export class EventarcStandIn {
  #server: HttpServer | undefined;
  readonly #waiting: FirestoreEvent[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();
  #target: Target | undefined;
  #held: FirestoreEvent[] | undefined;
  #inFlight = 0;

  static async start(): Promise<EventarcStandIn> {
    const eventarc = new EventarcStandIn();
    eventarc.#server = await startHttpServer((request, response) => {
      void eventarc.#receivePost(request).then(() => response.end());
    });
    return eventarc;
  }

  /** `HOST:PORT`, where the emulator posts its events. */
  get address(): string {
    return this.#server?.address ?? '';
  }

  /** Takes over an event, to deliver it until the function has accepted it. */
  receive(event: FirestoreEvent): void {
    (this.#held ?? this.#waiting).push(event);
    this.#changes.emit('change');
    this.#deliver();
  }

  /** Delivers the events there from now on. */
  deliverTo(target: Target): void {
    this.#target = target;
    this.#deliver();
  }

  /** Holds the next events until they are released. */
  hold(): void {
    this.#held = [];
  }

  /** Resolves with the held events as soon as there are `count` of them. */
  async held(count: number): Promise<readonly FirestoreEvent[]> {
    while ((this.#held?.length ?? 0) < count) await once(this.#changes, 'change');
    return this.#held ?? [];
  }

  /** Delivers events in this order and stops holding. @param events those that are held, or what a test has made of them. */
  release(events: readonly FirestoreEvent[] = this.#held ?? []): void {
    this.#held = undefined;
    this.#waiting.push(...events);
    this.#deliver();
  }

  /** Resolves when all events so far have been delivered. */
  async idle(): Promise<void> {
    while (this.#waiting.length + this.#inFlight > 0) await once(this.#changes, 'change');
  }

  /** Drops events that have not been delivered. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    this.#closing.abort();
    await this.#server?.close();
  }

  async #receivePost(request: IncomingMessage): Promise<void> {
    const headers = Object.entries(request.headers).filter(([name]) => /^(?:ce-|content-type$)/u.test(name));
    this.receive({
      headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
      // The emulator encodes the body in base64, unlike Eventarc.
      body: new Uint8Array(Buffer.from(await text(request), 'base64')),
    });
  }

  #deliver(): void {
    const target = this.#target;
    while (target !== undefined && this.#inFlight < target.concurrency) {
      const event = this.#waiting.shift();
      if (event === undefined) return;
      this.#inFlight += 1;
      void this.#deliverOne(event, target).finally(() => {
        this.#inFlight -= 1;
        this.#changes.emit('change');
        this.#deliver();
      });
    }
  }

  async #deliverOne({ headers, body }: FirestoreEvent, { url }: Target): Promise<void> {
    const { signal } = this.#closing;
    for (let wait = FIRST_BACKOFF; !signal.aborted; wait = Math.min(2 * wait, LONGEST_BACKOFF)) {
      // A function that is down, or goes down meanwhile, does not answer.
      const response = await fetch(url, { method: 'POST', headers, body, signal }).catch(() => undefined);
      if (response?.ok === true) return;
      await delay(wait, undefined, { signal }).catch(() => undefined);
    }
  }
}
