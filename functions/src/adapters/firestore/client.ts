import { Firestore } from '@google-cloud/firestore';
import { RetryableError } from '../../errors.ts';

/** A client of the project's database. */
export function firestoreClient(): Firestore {
  return new Firestore({ ignoreUndefinedProperties: true });
}

/** The gRPC status codes that this system distinguishes (https://grpc.io/docs/guides/status-codes/). */
export const status = { notFound: 5, alreadyExists: 6, failedPrecondition: 9, aborted: 10 } as const;

/** The gRPC status code of an error of the Firestore client, if it has one. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/**
 * Turns every failure of Firestore into a RetryableError: invalid data is found earlier.
 * @param failure the message of the error.
 * @throws RetryableError
 */
export async function retryable<T>(failure: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    throw new RetryableError(failure, { cause: error });
  }
}

/** A write to a document that may have been erased or expired, in which case there is nothing to write. */
export async function unlessGone(update: Promise<unknown>): Promise<void> {
  try {
    await update;
  } catch (error) {
    if (statusOf(error) !== status.notFound) throw error;
  }
}
