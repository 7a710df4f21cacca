import type { CloudEvent } from '@google-cloud/functions-framework';
import { composeTargetCustomer, logFor } from '../compose.ts';
import { decodeCustomerWritten } from '../messages/customer-written.ts';
import { targetCustomer } from '../usecases/target-customer.ts';
import { traceparentOf } from './traceparent.ts';

/**
 * A document of `customers` was written. Returning acknowledges the event; throwing has it delivered again, which
 * is of no use when the event cannot be read.
 */
export async function onCustomerWritten(event: CloudEvent<unknown>): Promise<void> {
  const log = logFor(traceparentOf(event));
  const document = { document: event.subject ?? '' };
  let written;
  try {
    written = decodeCustomerWritten(event.data as Buffer);
  } catch (error) {
    return log.eventUnreadable('targetCustomer', document, error);
  }
  if (written === undefined) return;
  try {
    await targetCustomer(written, { ...(await composeTargetCustomer()), log });
  } catch (error) {
    log.functionFailed('targetCustomer', document, error);
    throw error;
  }
}
