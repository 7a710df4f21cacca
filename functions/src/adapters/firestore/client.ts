import { Firestore } from '@google-cloud/firestore';
import { PermanentError, RetryableError } from '../../errors.ts';

/** A client of the project's database. */
export function firestoreClient(): Firestore {
  return new Firestore({ ignoreUndefinedProperties: true });
}

/** The gRPC status codes that this system distinguishes (https://grpc.io/docs/guides/status-codes/). */
export const status = {
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  failedPrecondition: 9,
  aborted: 10,
} as const;

/** The gRPC status code of an error of the Firestore client, if it has one. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/**
 * Says of every failure of Firestore whether another attempt can help.
 * @param failure the message of the error.
 * @throws PermanentError when Firestore cannot store the data, and RetryableError after any other failure.
 */
export async function tryFirestore<T>(failure: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    throw isRefusalOfData(cause)
      ? new PermanentError(failure, { cause })
      : new RetryableError(failure, { cause });
  }
}

/** The server refuses a document that is too large; the client (checked with 9.4.1) refuses most other data before it sends it. */
function isRefusalOfData(error: unknown): boolean {
  if (statusOf(error) === status.invalidArgument) return true;
  return error instanceof Error && error.message.startsWith('Value for argument ');
}

/** A write to a document that may have been erased or expired, in which case there is nothing to write. */
export async function unlessGone(update: Promise<unknown>): Promise<void> {
  try {
    await update;
  } catch (error) {
    if (statusOf(error) !== status.notFound) throw error;
  }
}
