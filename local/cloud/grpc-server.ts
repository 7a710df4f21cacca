import { ServerCredentials, status, type Server } from '@grpc/grpc-js';
import { LOOPBACK } from '../../operations/target/local-stack.ts';
import { GrpcError } from './grpc-error.ts';

/** Listens on loopback. @param port a free one when 0. @returns `HOST:PORT`. @throws Error when the port is taken. */
export function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${LOOPBACK}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(`${LOOPBACK}:${bound}`);
    });
  });
}

/** What the client gets for an error: INTERNAL with the stack, when it is a fault of the embedded cloud itself. */
export function toStatus(error: unknown): { code: number; details: string } {
  if (error instanceof GrpcError) return { code: error.code, details: error.message };
  return {
    code: status.INTERNAL,
    details: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
