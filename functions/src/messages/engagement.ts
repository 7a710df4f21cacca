import * as z from 'zod';
import { engagementTypes, type Engagement } from '../domain/engagement.ts';
import type { Decoded } from '../domain/quarantine.ts';
import type { EpochMs } from '../domain/time.ts';
import { emailAddress } from './email-address.ts';
import { identifier, instant, isTooFarAhead, occurredTooFarAhead, versionOne } from './fields.ts';
import { checkedMessage } from './json-message.ts';

/**
 * The message of one engagement, version 1, as the app publishes it to the topic `engagements`.
 * This schema is the contract: `docs/schemas/engagement.v1.json` is generated from it.
 */
export const engagementSchema = z
  .object({
    version: versionOne,
    eventId: identifier(128).meta({ description: 'The same ID again is the same event.' }),
    type: z.enum(engagementTypes),
    occurredAt: instant,
    customer: z.object({ email: emailAddress }),
  })
  .meta({ title: 'Engagement, version 1', description: 'One thing that a member did in the app.' });

/** Decodes the message of one engagement, whose time must not be in the future. */
export function decodeEngagement(data: Uint8Array, now: EpochMs): Decoded<Engagement> {
  const message = checkedMessage(data, engagementSchema, 'invalid-engagement');
  if ('fault' in message) return message;
  const { eventId, type, occurredAt, customer } = message.value;
  if (isTooFarAhead(occurredAt, now)) return { fault: occurredTooFarAhead('invalid-engagement') };
  return { value: { eventId, type, occurredAt, email: customer.email } };
}
