import { RetryableError } from '../errors.ts';

/** The answer of a function to a request. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly json: object } | { readonly html: string } | { readonly text: string };
}

/** A request that is not served, and the answer to it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** Identifies the reason to programs. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  get reply(): Reply {
    const { status, code, message, headers } = this;
    return { status, headers, body: { json: { error: { code, message } } } };
  }
}

/** The refusal that answers an error: the error itself, or `unavailable` when another attempt may help, or `internal`. */
export function refusalFor(error: unknown, unavailable: Refusal, internal: Refusal): Refusal {
  if (error instanceof Refusal) return error;
  return error instanceof RetryableError ? unavailable : internal;
}
