/** What a test or a developer tells the stand-in to do: which faults to make, which events to report, and how. */
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { faultSchema, type FaultPlan } from './faults.ts';
import type { SentEmails } from './sent-emails.ts';
import { postingSchema, type Webhook } from './webhook.ts';

const eventSchema = z.object({
  emailId: z.string(),
  event: z.string(),
  /** Fields of the event beside those that every event has. */
  fields: z.record(z.string(), z.unknown()).default({}),
});

/** Reports an event of an email that was sent, such as `{"emailId": "…~1", "event": "spamreport"}`. */
export function triggerEvent(sentEmails: SentEmails): RequestHandler {
  return handle(eventSchema, ({ emailId, event, fields }) =>
    sentEmails.record(sentEmails.find(emailId) ?? '', [event, fields]) ? 204 : 404,
  );
}

/** Changes how events are posted: see `postingSchema`. An empty object restores the normal order. */
export function configurePosting(webhook: Webhook): RequestHandler {
  return handle(postingSchema, (posting) => {
    webhook.configure(posting);
    return 204;
  });
}

/** Replaces the planned faults by the list in the request. An empty list ends all faults. */
export function replaceFaults(plan: FaultPlan): RequestHandler {
  return handle(z.array(faultSchema), (faults) => {
    plan.replace(faults);
    return 204;
  });
}

/** Parses the body and answers with the status that `act` returns, or with 400 and the faults of the body. */
function handle<T>(schema: z.ZodType<T>, act: (data: T) => number): RequestHandler {
  return (request, response) => {
    const { success, data, error } = schema.safeParse(request.body);
    if (success) response.sendStatus(act(data));
    else response.status(400).type('text/plain').send(z.prettifyError(error));
  };
}
