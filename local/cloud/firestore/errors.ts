/** The status codes of gRPC that Firestore answers with (https://grpc.io/docs/guides/status-codes/). */
const codes = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  UNIMPLEMENTED: 12,
} as const;

/** A request that Firestore refuses. The client gets the code and the message. */
export class FirestoreError extends Error {
  readonly code: number;

  constructor(code: keyof typeof codes, message: string) {
    super(message);
    this.code = codes[code];
  }
}

export function invalid(message: string): FirestoreError {
  return new FirestoreError('INVALID_ARGUMENT', message);
}

/** @param feature a field of the request, or a method, as Google's service definition names it. */
export function unimplemented(feature: string): FirestoreError {
  return new FirestoreError('UNIMPLEMENTED', `The embedded Firestore does not implement ${feature}.`);
}
