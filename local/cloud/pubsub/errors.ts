/** The status codes of gRPC that Pub/Sub answers with (https://grpc.io/docs/guides/status-codes/). */
const codes = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
} as const;

/** A request that Pub/Sub refuses. The client gets the code and the message. */
export class PubsubError extends Error {
  readonly code: number;

  constructor(code: keyof typeof codes, message: string) {
    super(message);
    this.code = codes[code];
  }
}

export function invalid(message: string): PubsubError {
  return new PubsubError('INVALID_ARGUMENT', message);
}
