/** Before a call is passed on, or after its answer has come and before its caller gets it. */
export type Moment = 'before' | 'after';

/** What a proxy does with a call: pass it on, drop it without an answer, or answer it with a status. */
export type Verdict = 'pass' | 'lost' | { readonly status: number };

/** A call that stops at a gate. */
export interface Hold {
  /** Resolves when the call has arrived. */
  readonly reached: Promise<void>;
  /** Passes the call on. */
  readonly release: () => void;
  /** Drops the call: its caller gets no answer. */
  readonly drop: () => void;
}

interface Plan {
  readonly call: string;
  readonly moment: Moment;
  /** How many such calls pass before this one. */
  skip: number;
  readonly meet: () => Promise<Verdict>;
}

/** Decides which calls a proxy passes on, and when, so that a test can kill a process at an exact point. */
export class Gate {
  readonly #plans: Plan[] = [];

  /** Stops the next call of this name. @param skip how many of them pass before it. */
  hold(call: string, moment: Moment, skip = 0): Hold {
    const arrival = Promise.withResolvers<undefined>();
    const departure = Promise.withResolvers<Verdict>();
    const meet = (): Promise<Verdict> => {
      arrival.resolve(undefined);
      return departure.promise;
    };
    this.#plans.push({ call, moment, skip, meet });
    return {
      reached: arrival.promise,
      release: () => departure.resolve('pass'),
      drop: () => departure.resolve('lost'),
    };
  }

  /**
   * Answers the next call of this name with a status: instead of passing it on, or in place of its real answer.
   * @param skip how many of them pass before it.
   */
  answer(call: string, moment: Moment, status: number, skip = 0): void {
    this.#plans.push({ call, moment, skip, meet: async () => ({ status }) });
  }

  /** The proxy asks this for every call, at both moments. */
  async pass(call: string, moment: Moment): Promise<Verdict> {
    const plan = this.#plans.find((each) => each.call === call && each.moment === moment);
    if (plan === undefined) return 'pass';
    if (plan.skip > 0) {
      plan.skip -= 1;
      return 'pass';
    }
    this.#plans.splice(this.#plans.indexOf(plan), 1);
    return plan.meet();
  }
}
