import type { CloudEvent } from '@google-cloud/functions-framework';

/** The W3C trace context of an event, which Eventarc adds as an extension attribute. */
export function traceparentOf(event: CloudEvent<unknown>): string | undefined {
  const { traceparent } = event as { traceparent?: unknown };
  return typeof traceparent === 'string' ? traceparent : undefined;
}
