import type { Response } from '@google-cloud/functions-framework';

/** A request that is not served: what its sender is told, and nothing else. */
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
}

export function answerRefusal(response: Response, { status, code, message, headers }: Refusal): void {
  response.status(status).set(headers).json({ error: { code, message } });
}
