import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Client } from '@sendgrid/client';
import { MailService, type MailDataRequired } from '@sendgrid/mail';
import type { SendgridConfig } from './account.ts';
import type { Answer } from './outcome.ts';

/** SendGrid's answers are small; what is not small is not an answer of SendGrid. In bytes. */
const LARGEST_ANSWER = 256 * 1024;

/**
 * How long an idle connection is kept, in ms. Well below what any server or proxy allows: a request on a connection
 * that the other side is just closing would fail with a reset, and a reset is ambiguous.
 */
const IDLE_LIMIT = 4_000;

/**
 * Sends one email and resolves with the answer, whatever its status.
 * @throws the error of axios when there is no complete answer before the deadline.
 */
export type Exchange = (email: MailDataRequired) => Promise<Answer>;

/** The connections kept between exchanges. */
interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** Exchanges with the account, on connections that are kept between them. */
export function exchangeWith(config: SendgridConfig): Exchange {
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true, timeout: IDLE_LIMIT }),
    httpsAgent: new HttpsAgent({ keepAlive: true, timeout: IDLE_LIMIT }),
  };
  return async (email) => {
    const service = new MailService();
    service.setClient(clientFor(config, agents));
    const [response] = await service.send(email);
    return { status: response.statusCode, headers: response.headers, body: response.body };
  };
}

/** A client for one exchange, since the deadline belongs to the exchange. */
function clientFor(config: SendgridConfig, agents: Agents): Client {
  const client = new Client();
  client.setDataResidency(config.region);
  client.setApiKey(config.apiKey);
  // After the key, which sets the address of the region.
  if (config.baseUrl !== undefined) client.setDefaultRequest('baseUrl', config.baseUrl);
  client.setDefaultRequest(axiosOptions(config.timeout, agents));
  return client;
}

/**
 * What the client passes on to axios, whose own `timeout` limits silence only, so the deadline is a signal. A redirect
 * is not followed: it would carry the API key to wherever it points. `url` is replaced by the request's own.
 */
function axiosOptions(timeout: number, agents: Agents) {
  return {
    url: '',
    ...agents,
    signal: AbortSignal.timeout(timeout),
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER,
    proxy: false,
    validateStatus: () => true,
  };
}
