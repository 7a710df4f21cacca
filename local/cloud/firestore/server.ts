/** Serves the store over gRPC, for Google's own clients: FIRESTORE_EMULATOR_HOST names where. */
import protos from '@google-cloud/firestore-api/build/protos/protos.json' with { type: 'json' };
import {
  Server,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type Metadata,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { systemEnvironment, type Environment } from '../environment.ts';
import { GrpcError } from '../grpc-error.ts';
import { listen, toStatus } from '../grpc-server.ts';
import { methods } from './methods.ts';
import { Store } from './store.ts';

export interface EmbeddedFirestore {
  /** `HOST:PORT`, for FIRESTORE_EMULATOR_HOST. */
  readonly address: string;
  readonly store: Store;
  /** Ends every call at once. */
  close(): void;
}

/** https://firebase.google.com/docs/firestore/quotas#writes_and_transactions */
const MAX_REQUEST_BYTES = 10 * 1_024 * 1_024;
/** Decodes values to the form of values.ts: unset fields are absent, and `valueType` names the set member of a value. */
const format = { longs: String, enums: String, arrays: true, objects: true, oneofs: true };
export const service = fromJSON(protos, format)['google.firestore.v1.Firestore'] as ServiceDefinition;

/** @param port a free one when 0. @throws Error when it is taken. */
export async function startFirestore(
  port = 0,
  environment: Environment = systemEnvironment,
): Promise<EmbeddedFirestore> {
  const store = new Store(environment);
  const server = new Server({
    'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
    'grpc.max_send_message_length': -1,
  });
  server.addService(service, handlers(store));
  return { address: await listen(server, port), store, close: () => server.forceShutdown() };
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
  throw new GrpcError('PERMISSION_DENIED', 'Missing or insufficient permissions.');
}
