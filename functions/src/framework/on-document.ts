import type { CloudEvent } from '@google-cloud/functions-framework';
import { log } from '../log.ts';
import type { DocumentChange } from '../ports.ts';
import { inTrace } from '../trace.ts';
import { traceparentOf } from './cloud-event.ts';
import { composedOnce } from './composed-once.ts';
import { decodeDocumentEvent } from './document-event.ts';

interface DocumentFunction<T> {
  readonly functionName: string;
  readonly compose: () => {
    /** Undefined for a change that needs no attention. @throws Error for documents that this system does not write. */
    readonly decode: (change: DocumentChange) => T | undefined;
    readonly useCase: (change: T) => Promise<void>;
  };
}

/**
 * A function for changes of documents. Returning acknowledges an event; throwing makes it be delivered again. An event that
 * cannot be decoded is logged and dropped, because another delivery would not help.
 */
export function onDocument<T>({ functionName, compose }: DocumentFunction<T>) {
  const composed = composedOnce(compose);

  async function handle(data: Uint8Array, document: { readonly document: string }): Promise<void> {
    const { decode, useCase } = composed();
    let change;
    try {
      change = decode(decodeDocumentEvent(data));
    } catch (error) {
      return log.eventUnreadable(functionName, document, error);
    }
    if (change !== undefined) await useCase(change);
  }

  return (event: CloudEvent<unknown>): Promise<void> =>
    inTrace(traceparentOf(event), async () => {
      const document = { document: event.subject ?? '' };
      try {
        await handle(event.data as Buffer, document);
      } catch (error) {
        log.functionFailed(functionName, document, error);
        throw error;
      }
    });
}
