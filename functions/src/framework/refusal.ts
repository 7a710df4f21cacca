/** What a function answers to a request. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly json: object } | { readonly html: string } | { readonly text: string };
}

/** A request that is not served, and the answer to it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** For programs. */
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
