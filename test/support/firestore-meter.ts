import { createRequire } from 'node:module';
import { constants, type OutgoingHttpHeaders } from 'node:http2';
import protobuf from 'protobufjs';
import { http2Proxy, type ProxiedCall } from './http2-proxy.ts';

/** What Firestore bills, and the calls that were made. */
interface Usage {
  /** Calls by the name of the RPC, such as Commit. */
  readonly rpcs: Readonly<Record<string, number>>;
  /** Documents read, by ID or by a query; a query that finds nothing is billed as one. */
  readonly reads: number;
  /** Documents written, in commits that succeeded or not. */
  readonly writes: number;
}

export interface Meter {
  /** The address for a Firestore client, in place of the emulator's. */
  readonly host: string;
  /** The usage since the last call. */
  take(): Usage;
  close(): Promise<void>;
}

/**
 * Stands between a Firestore client and the emulator, passes everything on and counts it. It counts what goes over the
 * wire, with the retries that a client makes on its own.
 */
export async function meterFirestore(emulatorHost: string): Promise<Meter> {
  const calls: Call[] = [];
  const proxy = await http2Proxy(emulatorHost, (proxied) => {
    const call: Call = { rpc: proxied.name, body: [], answer: [] };
    calls.push(call);
    passOn(proxied, call);
  });
  return { ...proxy, take: () => usageOf(calls.splice(0)) };
}

interface Call {
  readonly rpc: string;
  readonly body: Buffer[];
  readonly answer: Buffer[];
}

function passOn({ client, forward }: ProxiedCall, call: Call) {
  const emulator = forward();
  client.on('data', (chunk: Buffer) => call.body.push(chunk));
  client.pipe(emulator);
  emulator.on('response', (headers, flags) => {
    // An error comes as trailers only: headers that end the stream.
    const ends = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    client.respond(headers, ends ? { endStream: true } : { waitForTrailers: true });
    if (ends) return;
    emulator.on('data', (chunk: Buffer) => call.answer.push(chunk));
    emulator.pipe(client);
  });
  let trailers: OutgoingHttpHeaders = {};
  emulator.on('trailers', (received: OutgoingHttpHeaders) => {
    trailers = received;
  });
  client.on('wantTrailers', () => {
    client.sendTrailers(trailers);
  });
  emulator.on('error', () => {
    client.close();
  });
  client.on('error', () => {
    emulator.close();
  });
}

function usageOf(calls: readonly Call[]): Usage {
  const rpcs: Record<string, number> = {};
  let reads = 0;
  let writes = 0;
  for (const { rpc, body, answer } of calls) {
    rpcs[rpc] = (rpcs[rpc] ?? 0) + 1;
    if (rpc === 'Commit' || rpc === 'BatchWrite') writes += lengthOf('writes', `${rpc}Request`, body);
    if (rpc === 'BatchGetDocuments') {
      reads += lengthOf('documents', 'BatchGetDocumentsRequest', body);
    }
    if (rpc === 'RunQuery') reads += Math.max(1, documentsIn(answer));
  }
  return { rpcs, reads, writes };
}

const protos = protobuf.Root.fromJSON(
  createRequire(import.meta.url)(
    '@google-cloud/firestore-api/build/protos/protos.json',
  ) as protobuf.INamespace,
);

/** The number of entries in a list of a request. */
function lengthOf(list: string, type: string, body: readonly Buffer[]): number {
  const [message] = messagesIn(type, body);
  return (message?.[list] as unknown[] | undefined)?.length ?? 0;
}

function documentsIn(answer: readonly Buffer[]): number {
  return messagesIn('RunQueryResponse', answer).filter(({ document }) => document).length;
}

/** gRPC puts five bytes before each message: a flag and the length. */
function messagesIn(type: string, chunks: readonly Buffer[]): Record<string, unknown>[] {
  const decoder = protos.lookupType(`google.firestore.v1.${type}`);
  const messages: Record<string, unknown>[] = [];
  let rest = Buffer.concat(chunks);
  while (rest.length >= 5) {
    const end = 5 + rest.readUInt32BE(1);
    messages.push(decoder.decode(rest.subarray(5, end)) as unknown as Record<string, unknown>);
    rest = rest.subarray(end);
  }
  return messages;
}
