import {
  cloudEvent,
  http,
  type CloudEvent,
  type Request,
  type Response,
} from '@google-cloud/functions-framework';
import { finishingOnShutdown } from './shutdown.ts';
import { leaveBodiesUnread } from './unread-body.ts';
import { serveWithoutDomains } from './without-domains.ts';

serveWithoutDomains();

type EventHandler = (event: CloudEvent<unknown>) => Promise<void>;
type RequestHandler = (request: Request, response: Response) => Promise<void>;

/**
 * Registers a function for events. The framework finds it by its registration, and the Firebase emulator by the exported
 * result.
 */
export function eventFunction(name: string, load: () => Promise<EventHandler>): EventHandler {
  const handler = finishingOnShutdown(loadedOnFirstCall(load));
  cloudEvent(name, handler);
  return handler;
}

/** Registers a function for HTTP requests, whose bodies it reads itself. */
export function httpFunction(name: string, load: () => Promise<RequestHandler>): RequestHandler {
  const handler = finishingOnShutdown(loadedOnFirstCall(load));
  leaveBodiesUnread(name);
  http(name, handler);
  return handler;
}

/**
 * A handler that is loaded with its first event, because an instance serves one function and never needs the others. Nothing is
 * awaited before that, because the Firebase emulator loads the functions synchronously.
 */
function loadedOnFirstCall<E extends unknown[]>(
  load: () => Promise<(...event: E) => Promise<void>>,
): (...event: E) => Promise<void> {
  let loading: Promise<(...event: E) => Promise<void>> | undefined;
  return async (...event) => {
    loading ??= load();
    const handler = await loading;
    return handler(...event);
  };
}
