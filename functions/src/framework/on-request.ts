import type { Request, Response } from '@google-cloud/functions-framework';
import type { Millis } from '../domain/time.ts';
import { inTrace } from '../trace.ts';
import { composedOnce } from './composed-once.ts';
import { beforeDeadline } from './deadline.ts';
import { Refusal, type Reply } from './refusal.ts';
import { contentTypeOf, readBody } from './unread-body.ts';

/** A request whose body has not been read yet. */
export interface ReceivedRequest {
  readonly method: string;
  /** As the sender wrote it; empty when there is none. */
  readonly contentType: string;
  /** Undefined when the request has no such header. */
  header(name: string): string | undefined;
  /** A parameter of the query; undefined when it is absent or given more than once. */
  parameter(name: string): string | undefined;
  /** The language among these that the sender prefers. */
  preferredLanguage(languages: readonly string[]): string | undefined;
  /** @throws Refusal when the body is too large or incomplete. */
  body(): Promise<Buffer<ArrayBuffer>>;
}

interface HttpFunction<C> {
  readonly methods: readonly string[];
  /** The largest body that is read, in bytes. */
  readonly maxBody: number;
  readonly compose: () => C;
  /** The longest time until the answer; without it, the limit of the platform applies. */
  readonly deadline?: (composed: C) => Millis;
  readonly handle: (request: ReceivedRequest, composed: C) => Promise<Reply>;
  /**
   * Logs why a request was not served, and answers it.
   * @param error a Refusal; a RetryableError, also after the deadline; or an internal error.
   * @param composed undefined when the function could not be composed.
   */
  readonly refuse: (error: unknown, request: ReceivedRequest, composed: C | undefined) => Reply;
}

/** A function for HTTP requests. Every request gets an answer; nothing is thrown. */
export function onRequest<C>({ methods, maxBody, compose, deadline, handle, refuse }: HttpFunction<C>) {
  const composition = composedOnce(compose);

  async function serve(request: ReceivedRequest, composed: C): Promise<Reply> {
    requireMethod(request, methods);
    const handled = handle(request, composed);
    return deadline === undefined ? handled : beforeDeadline(deadline(composed), handled);
  }

  return (incoming: Request, response: Response): Promise<void> =>
    inTrace(incoming.get('traceparent'), async () => {
      const request = receivedRequest(incoming, maxBody);
      let composed: C | undefined;
      try {
        composed = composition();
        answer(response, await serve(request, composed));
      } catch (error) {
        answer(response, refuse(error, request, composed));
      }
    });
}

function requireMethod({ method }: ReceivedRequest, methods: readonly string[]): void {
  if (methods.includes(method)) return;
  const allowed = methods.join(', ');
  throw new Refusal(405, 'method-not-allowed', `Use ${allowed}.`, { Allow: allowed });
}

function receivedRequest(incoming: Request, maxBody: number): ReceivedRequest {
  return {
    method: incoming.method,
    contentType: contentTypeOf(incoming),
    header: (name) => incoming.get(name),
    parameter(name) {
      const value = incoming.query[name];
      return typeof value === 'string' ? value : undefined;
    },
    preferredLanguage: (languages) => incoming.acceptsLanguages([...languages]) || undefined,
    body: () => readBody(incoming, maxBody),
  };
}

function answer(response: Response, { status, headers, body }: Reply): void {
  response.status(status).set(headers ?? {});
  if (body === undefined) response.end();
  else if ('json' in body) response.json(body.json);
  else if ('html' in body) response.type('html').send(body.html);
  else response.type('text').send(body.text);
}
