import type { RequestHandler, Response } from 'express';
import { z } from 'zod';

/** How a request goes wrong, and how many requests in a row do. */
export const faultSchema = z.union([
  z.object({
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
    times: z.int().positive().default(1),
  }),
  z.object({
    /**
     * `reset` breaks the connection, `hang` never answers, `garbage` answers something that is not HTTP; none of the three
     * accepts the email. `accept-then-reset` accepts the email and breaks the connection instead of answering.
     */
    behaviour: z.enum(['reset', 'hang', 'garbage', 'accept-then-reset']),
    times: z.int().positive().default(1),
  }),
]);
type Fault = z.infer<typeof faultSchema>;

/** The faults of the next requests, in order. */
export class FaultPlan {
  #faults: Fault[] = [];

  replace(faults: readonly Fault[]): void {
    this.#faults = faults.flatMap((fault) => Array.from({ length: fault.times }, () => fault));
  }

  next(): Fault | undefined {
    return this.#faults.shift();
  }
}

/** Applies the next planned fault to a request. */
export function injectFault(plan: FaultPlan): RequestHandler {
  return (_request, response, next) => {
    const fault = plan.next();
    if (fault === undefined) next();
    else if ('status' in fault) response.status(fault.status).set(fault.headers).send(fault.body);
    else if (fault.behaviour === 'accept-then-reset') {
      resetInsteadOfAnswer(response);
      next();
    } else misbehave(fault.behaviour, response);
  };
}

function misbehave(behaviour: 'reset' | 'hang' | 'garbage', response: Response): void {
  if (behaviour === 'reset') response.socket?.resetAndDestroy();
  if (behaviour === 'garbage') response.socket?.end('this is not HTTP\r\n\r\n');
}

/** Breaks the connection when the answer would begin. */
function resetInsteadOfAnswer(response: Response): void {
  response.writeHead = () => {
    response.socket?.resetAndDestroy();
    return response;
  };
}
