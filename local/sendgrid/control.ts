import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Deliveries } from './deliveries.ts';
import { postingSchema, type Webhook } from './webhook.ts';

const happeningSchema = z.object({
  emailId: z.string(),
  event: z.string(),
  /** Fields of the event beside those that every event has. */
  fields: z.record(z.string(), z.unknown()).default({}),
});

/** Has something happen to an email that was sent, such as `{"emailId": "…~1", "event": "spamreport"}`. */
export function letHappen(deliveries: Deliveries): RequestHandler {
  return (request, response) => {
    const happening = happeningSchema.safeParse(request.body);
    if (!happening.success) {
      response.status(400).type('text/plain').send(z.prettifyError(happening.error));
      return;
    }
    const { emailId, event, fields } = happening.data;
    const happened = deliveries.happens(deliveries.find(emailId) ?? '', [event, fields]);
    response.sendStatus(happened ? 204 : 404);
  };
}

/** Has events be posted from now on as the request says: see `postingSchema`. An empty object ends all disorder. */
export function arrangePosting(webhook: Webhook): RequestHandler {
  return (request, response) => {
    const posting = postingSchema.safeParse(request.body);
    if (!posting.success) {
      response.status(400).type('text/plain').send(z.prettifyError(posting.error));
      return;
    }
    webhook.arrange(posting.data);
    response.sendStatus(204);
  };
}
