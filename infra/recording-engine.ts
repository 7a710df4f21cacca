import { createRequire } from 'node:module';
import * as grpc from '@grpc/grpc-js';
import type * as Engine from '@pulumi/pulumi/proto/engine_pb.js';
import type * as Resource from '@pulumi/pulumi/proto/resource_pb.js';

// Pulumi's protocol is CommonJS without named exports.
const require = createRequire(import.meta.url);
const resource = require('@pulumi/pulumi/proto/resource_pb.js') as typeof Resource;
const engine = require('@pulumi/pulumi/proto/engine_pb.js') as typeof Engine;
const { Empty } = require('google-protobuf/google/protobuf/empty_pb.js') as { Empty: new () => object };
type Services = Readonly<Record<'ResourceMonitorService' | 'EngineService', grpc.ServiceDefinition>>;
const { ResourceMonitorService } = require('@pulumi/pulumi/proto/resource_grpc_pb.js') as Services;
const { EngineService } = require('@pulumi/pulumi/proto/engine_grpc_pb.js') as Services;

/** Pulumi's engine as a program sees it. It records resources and messages, and provisions nothing. */
export interface RecordingEngine {
  readonly address: string;
  /** Type and name of each resource, such as `gcp:pubsub/topic:Topic transactions`. */
  readonly registered: readonly string[];
  /** The dependencies of each resource in `registered`, in the same form. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** The messages of the program to its user. */
  readonly messages: readonly string[];
  close(): void;
}

export async function startRecordingEngine(): Promise<RecordingEngine> {
  const registered: string[] = [];
  const dependencies = new Map<string, readonly string[]>();
  const messages: string[] = [];
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1 });
  const nothing = answer(() => new Empty());
  server.addService(ResourceMonitorService, {
    supportsFeature: answer(() => new resource.SupportsFeatureResponse()),
    registerResource: answer((request: Resource.RegisterResourceRequest) => {
      const [type, name] = [request.getType(), request.getName()];
      registered.push(`${type} ${name}`);
      dependencies.set(`${type} ${name}`, request.getDependenciesList().map(resourceOf));
      return new resource.RegisterResourceResponse().setUrn(`${URN}${type}::${name}`).setId(name);
    }),
    registerResourceOutputs: nothing,
    signalAndWaitForShutdown: nothing,
  });
  server.addService(EngineService, {
    log: answer((request: Engine.LogRequest) => {
      messages.push(request.getMessage());
      return new Empty();
    }),
    getRootResource: answer(() => new engine.GetRootResourceResponse()),
    setRootResource: answer(() => new engine.SetRootResourceResponse()),
  });
  return {
    address: await listen(server),
    registered,
    dependencies,
    messages,
    close: () => server.forceShutdown(),
  };
}

const URN = 'urn:pulumi:';

function resourceOf(urn: string): string {
  return urn.slice(URN.length).replace('::', ' ');
}

function answer<T>(respond: (request: T) => object): grpc.handleUnaryCall<T, object> {
  return (call, done) => {
    done(null, respond(call.request));
  };
}

async function listen(server: grpc.Server): Promise<string> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return `127.0.0.1:${port}`;
}
