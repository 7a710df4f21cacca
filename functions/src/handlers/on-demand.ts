import { finishingOnShutdown } from './shutdown.ts';

type Handler<E extends unknown[]> = (...event: E) => Promise<void>;

/**
 * A handler that is loaded with its first event: an instance serves one function, and would load all others in vain.
 * Nothing is awaited before that, because the Firebase emulator requires the functions synchronously. What is begun is
 * finished when the instance is asked to stop.
 */
export function loadedOnDemand<E extends unknown[]>(load: () => Promise<Handler<E>>): Handler<E> {
  let loading: Promise<Handler<E>> | undefined;
  return finishingOnShutdown(async (...event) => {
    loading ??= load();
    const handler = await loading;
    return handler(...event);
  });
}
