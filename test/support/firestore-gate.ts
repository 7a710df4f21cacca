import { once } from 'node:events';
import {
  constants,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { buffer } from 'node:stream/consumers';
import { Gate, type Verdict } from './gate.ts';
import { http2Proxy, type ProxiedCall } from './http2-proxy.ts';

/** A gate between a Firestore client and the emulator. Calls are named after their RPC, such as Commit or RunQuery. */
export interface FirestoreGate {
  readonly gate: Gate;
  /** The address for the client, in place of the emulator's. */
  readonly host: string;
  close(): Promise<void>;
}

/** Passes on only complete calls: a stream that stays open, such as Listen, does not get through. */
export async function firestoreGate(emulatorHost: string): Promise<FirestoreGate> {
  const gate = new Gate();
  const proxy = await http2Proxy(emulatorHost, (call) => {
    // In most tests of crashes the caller dies during the call.
    passThrough(call, gate).catch(() => {
      call.client.destroy();
    });
  });
  return { gate, ...proxy };
}

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Undefined for an answer with headers alone, in which gRPC reports an error. */
  readonly trailers: OutgoingHttpHeaders | undefined;
}

async function passThrough({ client, name, forward }: ProxiedCall, gate: Gate): Promise<void> {
  const request = await buffer(client);
  const before = await gate.pass(name, 'before');
  if (before !== 'pass') return refuse(client, before);
  const upstream = forward();
  upstream.end(request);
  const answer = await answerOf(upstream);
  const after = await gate.pass(name, 'after');
  if (after !== 'pass') return refuse(client, after);
  respond(client, answer);
}

async function answerOf(upstream: ClientHttp2Stream): Promise<Answer> {
  let trailers: OutgoingHttpHeaders | undefined;
  upstream.on('trailers', (received: OutgoingHttpHeaders) => {
    trailers = received;
  });
  const [headers, flags] = (await once(upstream, 'response')) as [IncomingHttpHeaders, number];
  const body = await buffer(upstream);
  const ends = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
  return { headers, body, trailers: ends ? undefined : (trailers ?? {}) };
}

function respond(client: ServerHttp2Stream, { headers, body, trailers }: Answer): void {
  if (trailers === undefined) {
    client.respond(headers, { endStream: true });
    return;
  }
  client.respond(headers, { waitForTrailers: true });
  client.on('wantTrailers', () => {
    client.sendTrailers(trailers);
  });
  client.end(body);
}

/** @param verdict its status is a gRPC status. */
function refuse(client: ServerHttp2Stream, verdict: Exclude<Verdict, 'pass'>): void {
  if (verdict === 'lost') {
    client.destroy();
    return;
  }
  const headers = {
    ':status': 200,
    'content-type': 'application/grpc',
    'grpc-status': String(verdict.status),
  };
  client.respond(headers, { endStream: true });
}
