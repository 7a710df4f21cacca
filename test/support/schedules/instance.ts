import { Firestore } from '@google-cloud/firestore';
import { connectivityState, Metadata, status, type ChannelInterface } from '@grpc/grpc-js';
import type { Fault } from './fault-modes.ts';
import type { Call, Run } from './run.ts';
import type { Answer, Transport } from './transports.ts';
import { finished, whileInFlight } from './virtual-world.ts';

type GrpcCall = ReturnType<ChannelInterface['createCall']>;
type Listener = Parameters<GrpcCall['start']>[1];

/** gRPC's channel of one instance of a function, each of whose calls a run holds until the schedule releases it. */
class HeldChannel implements ChannelInterface {
  /** Calls pass at once while there is none. */
  run: Run | undefined;
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  createCall(path: string): GrpcCall {
    let metadata = new Metadata();
    let message: Buffer = Buffer.alloc(0);
    let listener: Listener | undefined;
    const proceed = (fault?: Fault) => {
      const answer = faulty(fault, () => whileInFlight(this.#transport(path, metadata, message)));
      void answer.then((given) => listener && respond(listener, given));
    };
    return {
      start(given, to) {
        [metadata, listener] = [given, to];
      },
      sendMessageWithContext(_context, given) {
        message = given;
      },
      halfClose: () => this.#hold({ proceed }),
      startRead: () => undefined,
      cancelWithStatus: () => (listener = undefined),
      setCredentials: () => undefined,
      getPeer: () => this.getTarget(),
      getCallNumber: () => 0,
      getAuthContext: () => null,
    };
  }

  #hold(call: Call): void {
    if (this.run === undefined) call.proceed();
    else this.run.hold(call);
  }

  close(): void {
    this.run = undefined;
  }

  getTarget(): string {
    return 'held';
  }

  getConnectivityState(): connectivityState {
    return connectivityState.READY;
  }

  watchConnectivityState(): void {
    throw new Error('This channel is always ready.');
  }

  getChannelzRef(): never {
    throw new Error('This channel has no diagnostics.');
  }
}

async function faulty(fault: Fault | undefined, call: () => Promise<Answer>): Promise<Answer> {
  if (fault === 'refused') return failure(status.UNAVAILABLE);
  const answer = await call();
  if (fault === 'answer-lost') return failure(status.DEADLINE_EXCEEDED);
  return fault === 'interrupted' ? failure(status.UNAVAILABLE) : answer;
}

function failure(code: status): Answer {
  return {
    messages: [],
    status: { code, details: 'A schedule made this call fail.', metadata: new Metadata() },
  };
}

function respond(listener: Listener, answer: Answer): void {
  listener.onReceiveMetadata(new Metadata());
  for (const message of answer.messages) listener.onReceiveMessage(message);
  listener.onReceiveStatus(answer.status);
}

/** One instance of a function: a Firestore client of its own, which serves one run at a time. */
interface Instance {
  /** The client for a run. */
  serve(run: Run): Firestore;
}

/** Instances start when they are needed and serve further runs afterwards, unless a fault or a kill has left calls behind. */
export class Instances {
  readonly #transport: Transport;
  readonly #idle: Instance[] = [];

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async take(): Promise<Instance> {
    return this.#idle.pop() ?? this.#start();
  }

  /** Its first call makes the client ready, so that all later ones take the same steps. */
  async #start(): Promise<Instance> {
    const channel = new HeldChannel(this.#transport);
    const firestore = clientOver(channel);
    await finished(firestore.collection('settings').doc('sending').get());
    const instance: Instance = {
      serve: (run) => {
        channel.run = run;
        run.onEnd = () => this.#idle.push(instance);
        return firestore;
      },
    };
    return instance;
  }
}

/** A client whose calls are not held, for what is outside the system under test. */
export function unheldClient(transport: Transport): Firestore {
  return clientOver(new HeldChannel(transport));
}

/** @see https://github.com/grpc/grpc-node/tree/master/packages/grpc-js on `channelFactoryOverride` */
function clientOver(channel: ChannelInterface): Firestore {
  return new Firestore({
    projectId: 'demo-schedules',
    ssl: false,
    ignoreUndefinedProperties: true,
    'grpc.channelFactoryOverride': () => channel,
  });
}
