/** Before a call is passed on, or after it was answered and before its caller hears so. */
export type Moment = 'before' | 'after';

/** What a proxy does with a call: pass it on, let it be lost without an answer, or answer it with a status. */
export type Verdict = 'on' | 'lost' | { readonly status: number };

/** A call that is to stop at a gate. */
export interface Hold {
  /** Resolves when the call is there. */
  readonly reached: Promise<void>;
  /** The call goes on. */
  readonly release: () => void;
  /** The call goes no further, and its caller gets no answer. */
  readonly drop: () => void;
}

interface Plan {
  readonly call: string;
  readonly moment: Moment;
  /** How many such calls go by before. */
  skip: number;
  readonly meet: () => Promise<Verdict>;
}

/** Decides which calls a proxy lets through, and when: the points at which a process can be killed with certainty. */
export class Gate {
  readonly #plans: Plan[] = [];

  /** Stops the next call of this name. @param skip how many of them go by before. */
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
      release: () => departure.resolve('on'),
      drop: () => departure.resolve('lost'),
    };
  }

  /**
   * Answers the next call of this name with a status: instead of passing it on, or instead of what it was answered.
   * @param skip how many of them go by before.
   */
  answer(call: string, moment: Moment, status: number, skip = 0): void {
    this.#plans.push({ call, moment, skip, meet: async () => ({ status }) });
  }

  /** Asked by the proxy for every call, at both moments. */
  async pass(call: string, moment: Moment): Promise<Verdict> {
    const plan = this.#plans.find((each) => each.call === call && each.moment === moment);
    if (plan === undefined) return 'on';
    if (plan.skip > 0) {
      plan.skip -= 1;
      return 'on';
    }
    this.#plans.splice(this.#plans.indexOf(plan), 1);
    return plan.meet();
  }
}
