/** Two ways from a Firestore client to the embedded Firestore: calls of functions, and a socket. Both carry the same bytes. */
import { Channel, credentials, Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { methods } from '../../../local/cloud/firestore/methods.ts';
import { service } from '../../../local/cloud/firestore/server.ts';
import type { Store } from '../../../local/cloud/firestore/store.ts';
import { toStatus } from '../../../local/cloud/grpc-server.ts';

/** The answer to one call. */
export interface Answer {
  readonly messages: readonly Buffer[];
  readonly status: StatusObject;
}

/** Makes one call. Never throws. @param path of the method, such as `/google.firestore.v1.Firestore/Commit`. */
export type Transport = (path: string, metadata: Metadata, request: Buffer) => Promise<Answer>;

type Method = (store: Store, request: unknown) => unknown;
const methodsByPath = new Map(
  Object.entries(methods).map(([name, method]) => {
    const definition = service[name];
    if (definition === undefined) throw new Error(`The service definition lacks ${name}.`);
    return [definition.path, { definition, method: method as Method }];
  }),
);

/** @param store the one to call at that time. */
export function directTransport(store: () => Store): Transport {
  return async (path, _metadata, request) => {
    try {
      const found = methodsByPath.get(path);
      if (found === undefined) throw new Error(`The embedded Firestore has no method ${path}.`);
      const { definition, method } = found;
      const response = await method(store(), definition.requestDeserialize(request));
      const responses = definition.responseStream ? (response as unknown[]) : [response];
      const messages = responses.map((each) => definition.responseSerialize(each));
      return { messages, status: { code: status.OK, details: '', metadata: new Metadata() } };
    } catch (error) {
      const failed = { code: status.UNKNOWN, details: '', metadata: new Metadata() };
      return { messages: [], status: Object.assign(failed, toStatus(error)) };
    }
  };
}

/** @param address `HOST:PORT` of the server. */
export function socketTransport(address: string): { readonly transport: Transport; close(): void } {
  const channel = new Channel(address, credentials.createInsecure(), {});
  const transport: Transport = (path, metadata, request) =>
    new Promise((resolve) => {
      const call = channel.createCall(path, Infinity, null, null, null);
      const messages: Buffer[] = [];
      call.start(metadata, {
        onReceiveMetadata: () => undefined,
        onReceiveMessage(message: Buffer) {
          messages.push(message);
          call.startRead();
        },
        onReceiveStatus: (received) => resolve({ messages, status: received }),
      });
      call.startRead();
      call.sendMessageWithContext({}, request);
      call.halfClose();
    });
  return { transport, close: () => channel.close() };
}
