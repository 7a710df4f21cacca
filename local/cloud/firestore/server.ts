/** Serves the store over gRPC, for Google's own clients: FIRESTORE_EMULATOR_HOST names where. */
import protos from '@google-cloud/firestore-api/build/protos/protos.json' with { type: 'json' };
import {
  Server,
  ServerCredentials,
  status,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type Metadata,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { FirestoreError } from './errors.ts';
import { methods } from './methods.ts';
import { Store } from './store.ts';

export interface FirestoreServer {
  /** As `HOST:PORT`. */
  readonly host: string;
  readonly store: Store;
  stop(): void;
}

/** https://firebase.google.com/docs/firestore/quotas#writes_and_transactions */
const MAX_REQUEST_BYTES = 10 * 1_024 * 1_024;
/** In ms, as Google's emulator waits. */
const LOCK_TIMEOUT = 2_000;

/** With values in the form of values.ts: what is not set is absent, `valueType` says which one of a value is. */
const service = fromJSON(protos, { longs: String, enums: String, arrays: true, objects: true, oneofs: true })[
  'google.firestore.v1.Firestore'
] as ServiceDefinition;

/** @param port 0 for any free one. @throws Error when the port is taken. */
export async function startFirestoreServer(port = 0): Promise<FirestoreServer> {
  const store = new Store({ now: Date.now, after, lockTimeout: LOCK_TIMEOUT });
  const server = new Server({
    'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
    'grpc.max_send_message_length': -1,
  });
  server.addService(service, handlers(store));
  const host = `127.0.0.1:${await bind(server, port)}`;
  return { host, store, stop: () => server.forceShutdown() };
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
}

function after(ms: number, action: () => void): () => void {
  const timeout = setTimeout(action, ms);
  return () => clearTimeout(timeout);
}

type Method = (store: Store, request: never) => unknown;

/** gRPC itself answers UNIMPLEMENTED, with the method's name, for every method that has no handler. */
function handlers(store: Store): UntypedServiceImplementation {
  const served: Readonly<Record<string, Method>> = methods;
  return Object.fromEntries(
    Object.entries(served).map(([name, method]) => {
      const isStream = service[name]?.responseStream === true;
      return [name, isStream ? streamHandler(store, method) : unaryHandler(store, method)];
    }),
  );
}

function unaryHandler(store: Store, method: Method): handleUnaryCall<object, object> {
  const respond = async (metadata: Metadata, request: object): Promise<object> => {
    checkCredentials(metadata);
    return (await method(store, request as never)) as object;
  };
  return ({ metadata, request }, callback) => {
    respond(metadata, request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(toStatus(error)),
    );
  };
}

function streamHandler(store: Store, method: Method): handleServerStreamingCall<object, object> {
  return (call) => {
    try {
      checkCredentials(call.metadata);
      for (const message of method(store, call.request as never) as object[]) call.write(message);
      call.end();
    } catch (error) {
      call.emit('error', toStatus(error));
    }
  };
}

/** Clients of emulators say that they are the owner. The project's rules let no one else read or write anything. */
function checkCredentials(metadata: Metadata): void {
  if (metadata.get('authorization').includes('Bearer owner')) return;
  throw new FirestoreError('PERMISSION_DENIED', 'Missing or insufficient permissions.');
}

function toStatus(error: unknown): { code: number; details: string } {
  if (error instanceof FirestoreError) return { code: error.code, details: error.message };
  return {
    code: status.INTERNAL,
    details: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
