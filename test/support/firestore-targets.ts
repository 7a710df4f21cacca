/** The embedded Firestore and Google's emulator, and clients for both that are alike. */
import { randomUUID } from 'node:crypto';
import protos from '@google-cloud/firestore-api/build/protos/protos.json' with { type: 'json' };
import { Firestore } from '@google-cloud/firestore';
import {
  credentials,
  makeGenericClientConstructor,
  Metadata,
  type Client,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { startFirestore } from '../../local/cloud/firestore/server.ts';
import { describeEmulator, describeTarget } from './describe-target.ts';
import { googleEmulators } from './emulators.ts';

/** A running Firestore. */
export interface FirestoreTarget {
  readonly isEmbedded: boolean;
  /** An empty database of a project of its own. */
  emptyDatabase(): TestDatabase;
  close(): Promise<void>;
}

/** What a call came to: its messages (one, unless it streams), or the code that it was refused with. */
export type Outcome =
  { readonly messages: readonly Message[] } | { readonly code: number; readonly details: string };

export interface Time {
  readonly seconds: string;
  readonly nanos: number;
}

interface FoundDocument {
  readonly name: string;
  readonly fields: object;
  readonly createTime: Time;
  readonly updateTime: Time;
}

/** What the answers of all methods have. Each has what its method's own message has, and nothing else. */
export interface Message {
  readonly transaction: Buffer;
  readonly readTime: Time;
  readonly commitTime: Time | null;
  readonly writeResults: readonly {
    readonly updateTime: Time | null;
    readonly transformResults: readonly object[];
  }[];
  readonly status: readonly { readonly code: number }[];
  readonly found?: FoundDocument;
  readonly missing?: string;
  readonly document: FoundDocument | null;
  readonly documents: readonly FoundDocument[];
  readonly nextPageToken: string;
  readonly result: { readonly aggregateFields: object };
}

/** Calls methods of the service exactly as given: no retries, no defaults, no check on this side. */
export interface TestDatabase {
  /** `projects/{project}/databases/(default)` */
  readonly name: string;
  nameOf(path: string): string;
  call(method: string, request: object, token?: string): Promise<Outcome>;
  /** Google's own client, for as long as the target runs. */
  client(): Firestore;
}

async function target(isEmbedded: boolean, address: string, stop: () => void): Promise<FirestoreTarget> {
  const service = fromJSON(protos, { longs: String, enums: String, defaults: true })[
    'google.firestore.v1.Firestore'
  ] as ServiceDefinition;
  const RawClient = makeGenericClientConstructor(service, 'Firestore');
  const raw = new RawClient(address, credentials.createInsecure());
  const clients: Firestore[] = [];
  return {
    isEmbedded,
    emptyDatabase() {
      const projectId = `demo-${randomUUID()}`;
      const name = `projects/${projectId}/databases/(default)`;
      return {
        name,
        nameOf: (path) => `${name}/documents/${path}`,
        call: (method, request, token = 'owner') => call(raw, service, method, request, token),
        client() {
          const client = clientOf(address, projectId);
          clients.push(client);
          return client;
        },
      };
    },
    async close() {
      await Promise.all(clients.map((client) => client.terminate()));
      raw.close();
      stop();
    },
  };
}

function clientOf(host: string, projectId: string): Firestore {
  // Google's clients look for a metadata server otherwise.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  return new Firestore({ projectId, host, ssl: false, customHeaders: { Authorization: 'Bearer owner' } });
}

function call(
  client: Client,
  service: ServiceDefinition,
  method: string,
  request: object,
  token: string,
): Promise<Outcome> {
  const definition = service[method];
  if (definition === undefined) throw new Error(`Firestore has no method ${method}.`);
  const metadata = new Metadata();
  if (token !== '') metadata.set('authorization', `Bearer ${token}`);
  const { path, requestSerialize, responseDeserialize } = definition;
  return new Promise((resolve) => {
    const refuse = ({ code, details }: { code: number; details: string }): void => resolve({ code, details });
    if (definition.responseStream) {
      const messages: Message[] = [];
      client
        .makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata)
        .on('data', (message: Message) => messages.push(message))
        .on('error', (error) => refuse(error as unknown as { code: number; details: string }))
        .on('end', () => resolve({ messages }));
    } else {
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
        (error, message) => {
          if (error) refuse(error);
          else resolve({ messages: [message] });
        },
      );
    }
  });
}

export async function embeddedFirestore(): Promise<FirestoreTarget> {
  const server = await startFirestore();
  return target(true, server.address, () => server.close());
}

export async function googleEmulator(): Promise<FirestoreTarget> {
  const { env } = await googleEmulators();
  return target(false, env['FIRESTORE_EMULATOR_HOST'] ?? '', () => undefined);
}

/** Defines the same tests for the embedded Firestore and, where it is found, for Google's emulator. */
export function onEachFirestore(title: string, define: (target: () => FirestoreTarget) => void): void {
  describeTarget(`${title}: embedded`, embeddedFirestore, define);
  describeEmulator(title, googleEmulator, define);
}
