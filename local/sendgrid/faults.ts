import type { RequestHandler, Response } from 'express';
import { z } from 'zod';

/** How a request may go wrong, and how many requests in a row do. */
const faultSchema = z.union([
  z.object({
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
    times: z.int().positive().default(1),
  }),
  z.object({
    /**
     * `reset` breaks the connection, `hang` never answers, `garbage` answers what is not HTTP: all three take nothing.
     * `accept-then-reset` takes the email, and breaks the connection instead of saying so.
     */
    behaviour: z.enum(['reset', 'hang', 'garbage', 'accept-then-reset']),
    times: z.int().positive().default(1),
  }),
]);
type Fault = z.infer<typeof faultSchema>;

/** What will go wrong with the requests to come, in order. When it is used up, nothing does. */
export class FaultPlan {
  #faults: Fault[] = [];

  replace(faults: readonly Fault[]): void {
    this.#faults = faults.flatMap((fault) => Array.from({ length: fault.times }, () => fault));
  }

  next(): Fault | undefined {
    return this.#faults.shift();
  }
}

/** Replaces the plan by the list in the request; an empty list ends all faults. */
export function planFaults(plan: FaultPlan): RequestHandler {
  return (request, response) => {
    const faults = z.array(faultSchema).safeParse(request.body);
    if (!faults.success) {
      response.status(400).type('text/plain').send(z.prettifyError(faults.error));
      return;
    }
    plan.replace(faults.data);
    response.status(204).end();
  };
}

/** Lets the next fault of the plan befall a request. */
export function befall(plan: FaultPlan): RequestHandler {
  return (_request, response, next) => {
    const fault = plan.next();
    if (fault === undefined) next();
    else if ('status' in fault) response.status(fault.status).set(fault.headers).send(fault.body);
    else if (fault.behaviour === 'accept-then-reset') {
      loseAnswer(response);
      next();
    } else misbehave(fault.behaviour, response);
  };
}

function misbehave(behaviour: 'reset' | 'hang' | 'garbage', response: Response): void {
  if (behaviour === 'reset') response.socket?.resetAndDestroy();
  if (behaviour === 'garbage') response.socket?.end('this is not HTTP\r\n\r\n');
}

/** Whatever the answer would be, the connection breaks where it would begin. */
function loseAnswer(response: Response): void {
  response.writeHead = () => {
    response.socket?.resetAndDestroy();
    return response;
  };
}
