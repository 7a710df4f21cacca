import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { LOOPBACK } from '../stack/ports.ts';

/** The wait after a first delivery that failed, in ms; it doubles, up to the longest. */
const FIRST_BACKOFF = 50;
const LONGEST_BACKOFF = 1_000;

/** One event of Firestore. */
export interface StoredEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface Target {
  readonly url: string;
  /** How many events it is given at the same time. */
  readonly concurrency: number;
}

/**
 * Stands in for Eventarc between the Firestore emulator, which reports every event once, and the function it triggers:
 * each event is delivered until the function answers 2xx, at least once, in no promised order.
 */
export class EventarcStandIn {
  /** `HOST:PORT`, where the emulator posts its events. */
  readonly address: string;
  readonly #server: Server;
  readonly #waiting: StoredEvent[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();
  #target: Target | undefined;
  #held: StoredEvent[] | undefined;
  #inFlight = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.address = `${LOOPBACK}:${(server.address() as AddressInfo).port}`;
    server.on('request', (request: IncomingMessage, response) => {
      void this.#receive(request).then(() => response.end());
    });
  }

  static async start(): Promise<EventarcStandIn> {
    const server = createServer().listen(0, LOOPBACK);
    await once(server, 'listening');
    return new EventarcStandIn(server);
  }

  /** From now on the events go there. */
  deliverTo(target: Target): void {
    this.#target = target;
    this.#deliver();
  }

  /** Keeps the events to come, until they are released. */
  hold(): void {
    this.#held = [];
  }

  /** Resolves with the events held, as soon as there are `count` of them. */
  async held(count: number): Promise<readonly StoredEvent[]> {
    while ((this.#held?.length ?? 0) < count) await once(this.#changes, 'change');
    return this.#held ?? [];
  }

  /** Delivers these, in this order, and holds no more: the held ones, or what a test has made of them. */
  release(events: readonly StoredEvent[] = this.#held ?? []): void {
    this.#held = undefined;
    this.#waiting.push(...events);
    this.#deliver();
  }

  /** Resolves when every event that has come has been delivered. */
  async idle(): Promise<void> {
    while (this.#waiting.length + this.#inFlight > 0) await once(this.#changes, 'change');
  }

  /** Drops what has not been delivered. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    this.#closing.abort();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #receive(request: IncomingMessage): Promise<void> {
    const headers = Object.entries(request.headers).filter(([name]) => /^(?:ce-|content-type$)/u.test(name));
    const event = {
      headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
      // The emulator writes in base64 what Eventarc sends as it is.
      body: new Uint8Array(Buffer.from(await text(request), 'base64')),
    };
    (this.#held ?? this.#waiting).push(event);
    this.#changes.emit('change');
    this.#deliver();
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

  async #deliverOne({ headers, body }: StoredEvent, { url }: Target): Promise<void> {
    const { signal } = this.#closing;
    for (let wait = FIRST_BACKOFF; !signal.aborted; wait = Math.min(2 * wait, LONGEST_BACKOFF)) {
      // A function that is down, or goes down meanwhile, has not answered.
      const response = await fetch(url, { method: 'POST', headers, body, signal }).catch(() => undefined);
      if (response?.ok === true) return;
      await delay(wait, undefined, { signal }).catch(() => undefined);
    }
  }
}
