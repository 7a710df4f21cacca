import { RetryableError } from '../../errors.ts';

/** Whatever goes wrong with Firestore is worth another try: what is wrong with the data is found before. */
export async function retryable<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    throw new RetryableError(what, { cause: error });
  }
}
