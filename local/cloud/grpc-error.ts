import { status } from '@grpc/grpc-js';

/** A request that the embedded cloud refuses. The client gets the code and the message. */
export class GrpcError extends Error {
  readonly code: number;

  /** @param code as gRPC names it (https://grpc.io/docs/guides/status-codes/). */
  constructor(code: keyof typeof status, message: string) {
    super(message);
    this.code = status[code];
  }
}

export function invalid(message: string): GrpcError {
  return new GrpcError('INVALID_ARGUMENT', message);
}

/** @param feature a field of the request, or a method, as Google's service definition names it. */
export function unimplemented(feature: string): GrpcError {
  return new GrpcError('UNIMPLEMENTED', `The embedded cloud does not implement ${feature}.`);
}
