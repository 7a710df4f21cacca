import type { Firestore } from '@google-cloud/firestore';
import { sendingSettings } from '../../../functions/src/adapters/firestore/settings.ts';
import { emailIdOf } from '../../../functions/src/domain/email.ts';
import { hour } from '../transactions.ts';
import type { Chronicle, CustomerEvent } from './chronicle.ts';
import { chosen, waiting, type Delivery } from './deliveries.ts';
import { publishedEngagement, type PublishedEngagement } from './engagements.ts';
import { factsOf } from './history.ts';
import type { Instances } from './instance.ts';
import type { Move, MoveOf, Rules } from './moves.ts';
import { buyerIds, contradiction, publishedPurchase, type PublishedPurchase } from './purchases.ts';
import { reportAbout, suppressionsBy, type Report } from './reports.ts';
import type { Run } from './run.ts';
import { Runs } from './runs.ts';
import { changeIn, System } from './system.ts';
import { finished, passTimeWithoutTimers, presentTime, runNextTimer } from './virtual-world.ts';

/**
 * The platform ends an instance that takes longer, in ms. Twelve times the lease, so that every run can be overtaken, and
 * shorter than the grace of the webhook.
 */
const LONGEST_RUN = hour;

type Actions = { readonly [K in Move['move']]: (move: MoveOf<K>) => void | Promise<void> };

/** The system under test, with everything around it simulated: customers, sources, deliveries, time, kills and faults. */
export class Simulation {
  readonly purchases: PublishedPurchase[] = [];
  readonly engagements: PublishedEngagement[] = [];
  readonly reports: Report[] = [];
  readonly deliveries: Delivery[] = [];
  readonly chronicle: Chronicle;
  readonly #outside: Firestore;
  readonly #system: System;
  readonly #instances: Instances;
  readonly #runs = new Runs();
  #choices = 0;

  /** @param outside a client for what is outside of the system. */
  constructor(rules: Rules, chronicle: Chronicle, instances: Instances, outside: Firestore) {
    this.chronicle = chronicle;
    this.#system = new System(rules, chronicle);
    this.#instances = instances;
    this.#outside = outside;
  }

  async perform(move: Move): Promise<void> {
    const action = this.#actions[move.move] as (move: Move) => void | Promise<void>;
    await action(move);
  }

  readonly #actions: Actions = {
    buy: async (move) => this.#runs.advance(await this.deliver(this.#buy(move)), move.calls),
    repeat: ({ pick }) => this.#publishAgain(chosen(this.purchases, pick), (purchase) => purchase),
    contradict: ({ pick }) => this.#publishAgain(chosen(this.purchases, pick), contradiction),
    engage: async (move) => this.#runs.advance(await this.deliver(this.#engage(move)), move.calls),
    report: async (move) => this.#runs.advance(await this.deliver(this.#report(move)), move.calls),
    deliver: async ({ pick, calls, again }) =>
      this.#runs.advance(await this.deliver(chosen(waiting(this.deliveries, again), pick)), calls),
    notify: async ({ pick, calls, again }) => {
      const event = chosen(waiting(this.chronicle.customerEvents, again), pick);
      await this.#runs.advance(await this.notify(event), calls);
    },
    resume: async ({ calls }) => this.#runs.advance(await this.resume(), calls),
    choose: async (move) => this.#runs.advance(await this.#choose(move), move.calls),
    advance: ({ pick, calls }) => this.#runs.advance(this.#runs.chosen(pick), calls),
    fail: ({ pick, fault }) => this.#runs.advance(this.#runs.chosen(pick), 1, fault),
    kill: ({ pick }) => this.#kill([this.#runs.chosen(pick)]),
    'finish-all': () => this.finishAll(),
    'pass-time': ({ time }) => this.passTime(time),
    'set-fault-modes': ({ sendgrid, analytics }) => {
      Object.assign(this.#system.faultModes, { sendgrid, analytics });
    },
    switch: ({ isPaused }) => this.#switch(isPaused),
  };

  /** Pub/Sub or SendGrid's webhook delivers a message. */
  async deliver(delivery: Delivery | undefined): Promise<Run | undefined> {
    if (delivery === undefined) return undefined;
    return this.#begin(
      (_run, firestore) => delivery.handle(firestore),
      () => {
        delivery.acknowledged = true;
        delivery.onAcknowledged();
      },
    );
  }

  /** Eventarc delivers the event of a changed customer. */
  async notify(event: CustomerEvent | undefined): Promise<Run | undefined> {
    if (event === undefined) return undefined;
    const written = changeIn(event.body);
    this.chronicle.history.push({ fact: 'notified', at: presentTime(), written });
    return this.#begin(
      (run, firestore) => this.#system.targetCustomer(written, run, firestore),
      () => (event.acknowledged = true),
    );
  }

  /** Cloud Scheduler starts a run of `resumeEmails`. */
  async resume(): Promise<Run> {
    return this.#begin((run, firestore) => this.#system.resumeEmails(run, firestore));
  }

  /** Lets all runs finish, at the same time. */
  async finishAll(): Promise<void> {
    await this.#runs.finish();
  }

  /** @param time in ms. */
  async passTime(time: number): Promise<void> {
    const end = presentTime() + time;
    while (runNextTimer(end - presentTime())) await this.#runs.settle();
    passTimeWithoutTimers(end - presentTime());
    this.#kill(this.#runs.startedBefore(end - LONGEST_RUN));
  }

  async #begin(
    useCase: (run: Run, firestore: Firestore) => Promise<void>,
    acknowledge: () => void = () => undefined,
  ): Promise<Run> {
    const instance = await this.#instances.take();
    return this.#runs.begin((run) => useCase(run, instance.serve(run)), acknowledge);
  }

  #kill(runs: readonly (Run | undefined)[]): void {
    const killed = runs.filter((run) => run !== undefined);
    this.#runs.kill(killed);
    this.chronicle.history.push(...killed.map(() => ({ fact: 'killed' as const })));
  }

  #buy({ buyer, source, age }: MoveOf<'buy'>): Delivery {
    const transactionId = `sale-${this.purchases.length}`;
    const amount = 100 * (this.purchases.length + 1);
    return this.#publish({ transactionId, source, occurredAt: presentTime() - age, buyer, amount });
  }

  #publish(purchase: PublishedPurchase['purchase']): Delivery {
    const published = publishedPurchase(purchase, this.deliveries.length);
    this.purchases.push(published);
    return this.#delivery((firestore) => this.#system.recordTransaction(published.message, firestore));
  }

  #publishAgain(published: PublishedPurchase | undefined, change: typeof contradiction): void {
    if (published !== undefined) this.#publish(change(published.purchase));
  }

  #engage({ buyer, type, age }: MoveOf<'engage'>): Delivery {
    const published = publishedEngagement(buyer, type, presentTime() - age, this.deliveries.length);
    this.engagements.push(published);
    const handle = (firestore: Firestore) => this.#system.recordEngagement(published.message, firestore);
    return this.#delivery(handle, { isSignUp: type === 'signed-up' });
  }

  /** SendGrid's webhook reports an email that SendGrid has accepted. */
  #report({ pick, kinds }: MoveOf<'report'>): Delivery | undefined {
    const accepted = factsOf(this.chronicle.history, 'handed-over').filter((handover) => handover.accepted);
    const handover = chosen(accepted, pick);
    if (handover === undefined) return undefined;
    const { emailId, customerId } = handover.attempt.email;
    const report = reportAbout(emailId, kinds, presentTime());
    const id = this.reports.push(report);
    const note = (fact: 'complaining' | 'complained') => {
      const reasons = suppressionsBy(kinds);
      this.chronicle.history.push(
        ...reasons.map((reason) => ({ fact, at: presentTime(), customerId, reason, id })),
      );
    };
    note('complaining');
    return this.#delivery((firestore) => this.#system.recordDelivery(report.body, firestore), {
      onAcknowledged: () => note('complained'),
    });
  }

  #delivery(handle: Delivery['handle'], special: Partial<Delivery> = {}): Delivery {
    const usual = { onAcknowledged: () => undefined, isSignUp: false, acknowledged: false };
    const delivery: Delivery = { handle, ...usual, ...special };
    this.deliveries.push(delivery);
    return delivery;
  }

  /** A customer uses the page behind the unsubscribe link. */
  async #choose({ buyer, choice }: MoveOf<'choose'>): Promise<Run | undefined> {
    const customerId = this.#buyerId(buyer);
    if (customerId === undefined) return undefined;
    const fact = { customerId, choice, id: (this.#choices += 1) };
    this.chronicle.history.push({ fact: 'choosing', at: presentTime(), ...fact });
    return this.#begin(
      (_run, firestore) => this.#system.unsubscribe(emailIdOf(customerId, 1), choice, firestore),
      () => this.chronicle.history.push({ fact: 'chosen', at: presentTime(), ...fact }),
    );
  }

  #buyerId(buyer: number | 'latest'): string | undefined {
    if (buyer !== 'latest') return buyerIds[buyer];
    return factsOf(this.chronicle.history, 'notified').at(-1)?.written.after.customerId;
  }

  async #switch(isPaused: boolean): Promise<void> {
    const at = presentTime();
    await finished(sendingSettings(this.#outside).set({ paused: isPaused, since: at }));
    this.chronicle.history.push({ fact: 'switched', at, isPaused });
  }
}
