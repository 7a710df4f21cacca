/** The gRPC status codes that mean something to this system (https://grpc.io/docs/guides/status-codes/). */
export const status = { notFound: 5, alreadyExists: 6, failedPrecondition: 9, aborted: 10 } as const;

/** The gRPC status code of an error of the Firestore client, if it has one. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}
