import { FieldValue, type Firestore } from '@google-cloud/firestore';
import type { Log } from '../../../functions/src/log.ts';
import { hour, now as beginning } from '../transactions.ts';
import { CustomerEvents, type CustomerEvent } from './customer-events.ts';
import { factsOf, type Fact } from './history.ts';
import type { Move, MoveOf, Rules } from './moves.ts';
import { buyerIds, contradiction, publish, type PublishedPurchase } from './purchases.ts';
import type { Run } from './run.ts';
import { Runs } from './runs.ts';
import { record, resuming, targeting, type System } from './system.ts';

/**
 * The platform ends an instance that takes longer, in ms. Twelve times the lease, so that every run can be overtaken, and
 * shorter than the grace of the webhook.
 */
const LONGEST_RUN = hour;

type Actions = { readonly [K in Move['move']]: (move: MoveOf<K>) => void | Promise<void> };

/** The system under test, with everything around it simulated: customers, sources, deliveries, time, crashes and faults. */
export class Simulation {
  readonly published: PublishedPurchase[] = [];
  readonly history: Fact[] = [];
  readonly events: CustomerEvents;
  readonly #firestore: Firestore;
  readonly #system: System;
  readonly #runs = new Runs();
  #now = beginning;

  constructor(firestore: Firestore, rules: Rules, log: Log) {
    this.#firestore = firestore;
    this.events = new CustomerEvents(firestore);
    this.#system = {
      firestore,
      rules,
      clock: () => this.#now,
      log,
      history: this.history,
      faultModes: { sendgrid: 'accepting', analytics: 'answering' },
    };
  }

  async perform(move: Move): Promise<void> {
    const action = this.#actions[move.move] as (move: Move) => void | Promise<void>;
    await action(move);
  }

  readonly #actions: Actions = {
    buy: async (move) => this.#runs.advance(await this.deliver(this.#buy(move)), move.calls),
    repeat: ({ pick }) => this.#publishAgain(chosen(this.published, pick), (purchase) => purchase),
    contradict: ({ pick }) => this.#publishAgain(chosen(this.published, pick), contradiction),
    deliver: async ({ pick, calls, again }) =>
      this.#runs.advance(await this.deliver(chosen(waiting(this.published, again), pick)), calls),
    notify: async ({ pick, calls, again }) => {
      await this.events.collect();
      await this.#runs.advance(await this.notify(chosen(waiting(this.events.all, again), pick)), calls);
    },
    resume: async ({ calls }) => this.#runs.advance(await this.resume(), calls),
    advance: ({ pick, calls }) => this.#runs.advance(this.#runs.chosen(pick), calls),
    fail: ({ pick, fault }) => this.#runs.advance(this.#runs.chosen(pick), 1, fault),
    crash: ({ pick }) => this.#crash([this.#runs.chosen(pick)]),
    'finish-all': () => this.finishAll(),
    'pass-time': ({ time }) => this.passTime(time),
    'set-fault-modes': ({ sendgrid, analytics }) => {
      Object.assign(this.#system.faultModes, { sendgrid, analytics });
    },
    'sign-up': ({ buyer }) => this.#engage(buyerIds[buyer], 'signedUpAt'),
    'be-active': ({ buyer }) => this.#engage(buyerIds[buyer], 'firstActivityAt'),
    suppress: ({ buyer }) => this.#suppress(this.#buyerId(buyer)),
    lift: ({ buyer }) => this.#lift(this.#buyerId(buyer)),
    'report-delivery': ({ pick }) => this.#reportDelivery(pick),
  };

  /** Pub/Sub delivers a purchase. */
  async deliver(published: PublishedPurchase | undefined): Promise<Run | undefined> {
    if (published === undefined) return undefined;
    return this.#begin(
      (run) => record(published.message, run, this.#system),
      () => (published.acknowledged = true),
    );
  }

  /** Eventarc delivers the event of a changed customer. */
  async notify(event: CustomerEvent | undefined): Promise<Run | undefined> {
    if (event === undefined) return undefined;
    const written = await this.events.read(event);
    this.history.push({ fact: 'notified', at: this.#now, written });
    return this.#begin(
      (run) => targeting(run, written.after, this.#system)(written),
      () => (event.acknowledged = true),
    );
  }

  /** Cloud Scheduler starts a run of `resumeEmails`. */
  async resume(): Promise<Run> {
    return this.#begin((run) => resuming(run, this.#system)());
  }

  /** Lets all runs finish, at the same time. */
  async finishAll(): Promise<void> {
    await this.#runs.finish();
  }

  /** @param time in ms. */
  passTime(time: number): void {
    this.#now += time;
    this.#crash(this.#runs.startedBefore(this.#now - LONGEST_RUN));
  }

  #begin(useCase: (run: Run) => Promise<void>, acknowledge: () => void = () => undefined): Promise<Run> {
    return this.#runs.begin(this.#now, useCase, acknowledge);
  }

  #crash(runs: readonly (Run | undefined)[]): void {
    const crashing = runs.filter((run) => run !== undefined);
    this.#runs.crash(crashing);
    this.history.push(...crashing.map(() => ({ fact: 'crashed' as const })));
  }

  #buy({ buyer, source, age }: MoveOf<'buy'>): PublishedPurchase {
    const transactionId = `sale-${this.published.length}`;
    const amount = 100 * (this.published.length + 1);
    const purchase = publish({ transactionId, source, occurredAt: this.#now - age, buyer, amount });
    this.published.push(purchase);
    return purchase;
  }

  #publishAgain(published: PublishedPurchase | undefined, change: typeof contradiction): void {
    if (published !== undefined) this.published.push(publish(change(published.purchase)));
  }

  async #engage(customerId: string | undefined, fact: 'signedUpAt' | 'firstActivityAt'): Promise<void> {
    if (customerId === undefined) return;
    const customer = this.#firestore.collection('customers').doc(customerId);
    const { writeTime } = await customer.set({ [fact]: FieldValue.minimum(this.#now) }, { merge: true });
    this.events.add(customerId, writeTime);
  }

  #buyerId(buyer: number | 'latest'): string | undefined {
    if (buyer !== 'latest') return buyerIds[buyer];
    return factsOf(this.history, 'notified').at(-1)?.written.after.customerId;
  }

  async #suppress(customerId: string | undefined): Promise<void> {
    if (customerId === undefined) return;
    const suppressions = { unsubscribed: FieldValue.minimum(this.#now) };
    await this.#outreachOf(customerId).set({ suppressions }, { merge: true });
    this.history.push({ fact: 'suppressed', at: this.#now, customerId });
  }

  async #lift(customerId: string | undefined): Promise<void> {
    if (customerId === undefined) return;
    const suppressions = { unsubscribed: FieldValue.delete() };
    await this.#outreachOf(customerId).set({ suppressions }, { merge: true });
    this.history.push({ fact: 'lifted', customerId });
  }

  #outreachOf(customerId: string) {
    return this.#firestore.collection('outreach').doc(customerId);
  }

  /** SendGrid's webhook reports an email that SendGrid has accepted. */
  async #reportDelivery(pick: number): Promise<void> {
    const handover = chosen(
      factsOf(this.history, 'handed-over').filter(({ accepted }) => accepted),
      pick,
    );
    if (handover === undefined) return;
    const { emailId } = handover.attempt.email;
    const heardOfAt = FieldValue.minimum(this.#now);
    await this.#firestore.collection('emails').doc(emailId).update({ heardOfAt });
    this.history.push({ fact: 'known-accepted', emailId });
  }
}

/** Counts back from the latest, and starts over at the end; undefined when there is nothing to choose from. */
function chosen<T>(from: readonly T[], pick: number): T | undefined {
  return from.toReversed()[pick % from.length];
}

/** What waits to be delivered or, with `again`, everything. */
function waiting<T extends { readonly acknowledged: boolean }>(
  all: readonly T[],
  again: boolean,
): readonly T[] {
  return again ? all : all.filter(({ acknowledged }) => !acknowledged);
}
