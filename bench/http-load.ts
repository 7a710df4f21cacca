/** HTTP requests to the functions, one or many. */
import autocannon from 'autocannon';

/** How often autocannon checks whether all requests are answered, in ms: it ends a run no more than this too late. */
const CHECK_INTERVAL = 5;

/** How long an answer may take, in s. */
const PATIENCE = 60;

/** A POST request to a function. */
export interface Call {
  /** Begins with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** @throws Error when the answer is not 2xx. */
export async function post(url: string, { path, headers, body }: Call): Promise<void> {
  const response = await fetch(url + path, { method: 'POST', headers, body });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url}${path} answered ${response.status}.`);
}

/**
 * Posts each call once, with `inFlight` requests under way at any time.
 * @throws Error when an answer is not 2xx, or when there is none.
 */
export async function postAll(url: string, calls: readonly Call[], inFlight: number): Promise<void> {
  let next = 0;
  const setupRequest = (request: autocannon.Request): autocannon.Request => {
    const call = calls[next];
    next += 1;
    if (call === undefined) throw new Error(`${calls.length} calls are too few.`);
    const { path, headers, body } = call;
    return { ...request, path, headers: { ...headers }, body: Buffer.from(body) };
  };
  const { errors, non2xx, statusCodeStats } = await autocannon({
    url,
    method: 'POST',
    amount: calls.length,
    connections: Math.min(inFlight, calls.length),
    requests: [{ setupRequest }],
    timeout: PATIENCE,
    // Without this limit, autocannon connects again and again to a function that has ended.
    bailout: 1,
    sampleInt: CHECK_INTERVAL,
  });
  if (errors > 0) throw new Error(`${url} did not answer ${errors} of ${calls.length} requests.`);
  if (non2xx > 0) throw new Error(`${url} answered ${JSON.stringify(statusCodeStats)}.`);
}
