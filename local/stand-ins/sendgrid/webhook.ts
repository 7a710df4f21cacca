import { sign, type KeyObject } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { WebhookEvent } from './webhook-events.ts';

/** How long events are collected before they are posted together, in ms. */
const COLLECTION_TIME = 500;

/** The waits between attempts to post the same events, in ms. The last one is repeated. SendGrid waits longer. */
const RETRY_WAITS = [200, 500, 1_000, 2_000, 5_000];

/** How long the receiver has to answer, in ms. */
const ANSWER_TIMEOUT = 60_000;

/** How long `drained` waits without progress, in ms. */
const PROGRESS_TIMEOUT = 60_000;

/** How events are posted: in order and once, or duplicated and out of order as SendGrid sometimes does. */
export const postingSchema = z.object({
  /** How often each event is posted. */
  copies: z.int().min(1).max(10).default(1),
  shuffled: z.boolean().default(false),
  /** The most events in one request. */
  batchSize: z.int().min(1).max(10_000).default(500),
});
type Posting = z.output<typeof postingSchema>;

export interface WebhookOptions {
  /** Where the events are posted. */
  readonly url: string;
  /** ECDSA over P-256. */
  readonly privateKey: KeyObject;
  /** Called with the events that the receiver has accepted. */
  readonly onAccepted?: (events: readonly WebhookEvent[]) => void;
}

/** Posts events to a receiver, signed as SendGrid signs them, and repeats them until it accepts them. */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #queue: WebhookEvent[] = [];
  readonly #closing = new AbortController();
  readonly #progress = new EventEmitter();
  #posting: Posting = postingSchema.parse({});
  /** Events in the queue and under way. */
  #outstanding = 0;
  #worker: Promise<void> | undefined;
  #lastFailure = 'nothing was posted';

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  configure(posting: Posting): void {
    this.#posting = posting;
  }

  report(event: WebhookEvent): void {
    for (let copy = 0; copy < this.#posting.copies; copy += 1) this.#queue.push(event);
    this.#outstanding += this.#posting.copies;
    this.#worker ??= this.#work();
  }

  /**
   * Resolves when the receiver has accepted all events.
   * @throws Error with its last answer when it does not accept them.
   */
  async drained(timeout = PROGRESS_TIMEOUT): Promise<void> {
    while (this.#outstanding > 0) {
      try {
        await once(this.#progress, 'accepted', { signal: AbortSignal.timeout(timeout) });
      } catch (cause) {
        const what = `${this.#outstanding} events of SendGrid were not accepted by ${this.#options.url}`;
        throw new Error(`${what}: ${this.#lastFailure}.`, { cause });
      }
    }
  }

  /** Drops what is outstanding. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#worker;
  }

  async #work(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        if (this.#queue.length < this.#posting.batchSize) await this.#wait(COLLECTION_TIME);
        if (this.#posting.shuffled) shuffle(this.#queue);
        await this.#postUntilAccepted(this.#queue.splice(0, this.#posting.batchSize));
      }
    } catch (error) {
      if (!this.#closing.signal.aborted) throw error;
    } finally {
      this.#worker = undefined;
    }
  }

  async #postUntilAccepted(events: readonly WebhookEvent[]): Promise<void> {
    for (let attempt = 0; !(await this.#isAccepted(events)); attempt += 1) {
      await this.#wait(RETRY_WAITS[Math.min(attempt, RETRY_WAITS.length - 1)] ?? 0);
    }
    this.#outstanding -= events.length;
    this.#options.onAccepted?.(events);
    this.#progress.emit('accepted');
  }

  async #isAccepted(events: readonly WebhookEvent[]): Promise<boolean> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ANSWER_TIMEOUT)]);
    try {
      const response = await fetch(this.#options.url, { method: 'POST', ...this.#signed(events), signal });
      if (!response.ok) this.#lastFailure = `it answered ${response.status} ${await response.text()}`;
      else await response.body?.cancel();
      return response.ok;
    } catch (error) {
      this.#closing.signal.throwIfAborted();
      this.#lastFailure = String(error);
      return false;
    }
  }

  #signed(events: readonly WebhookEvent[]): { headers: Record<string, string>; body: string } {
    const body = `[${events.map((event) => JSON.stringify(event)).join(',\r\n')}]\r\n`;
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = sign('sha256', Buffer.from(timestamp + body), this.#options.privateKey).toString(
      'base64',
    );
    const headers = {
      'Content-Type': 'application/json',
      'User-Agent': 'SendGrid Event API',
      'X-Twilio-Email-Event-Webhook-Signature': signature,
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    };
    return { headers, body };
  }

  async #wait(time: number): Promise<void> {
    await delay(time, undefined, { signal: this.#closing.signal });
  }
}

/** In place (Fisher and Yates). */
function shuffle(list: unknown[]): void {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [list[last], list[other]] = [list[other], list[last]];
  }
}
