import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Client } from '@sendgrid/client';
import { MailService, type MailDataRequired } from '@sendgrid/mail';
import { SECOND, type Millis } from '../../domain/time.ts';
import type { Answer } from './outcome.ts';

/** The account that emails are sent with, and how requests to it are made. */
export interface SendgridConfig {
  readonly apiKey: string;
  /** Where the data of an email resides. `eu` needs a subuser of that region. */
  readonly region: 'global' | 'eu';
  /** Replaces the address of the region, for a stand-in. */
  readonly baseUrl?: string;
  /** The deadline of one attempt, from the look-up of the host to the last byte of the answer. */
  readonly timeout: Millis;
  /** SendGrid then checks every email and delivers none. */
  readonly sandbox: boolean;
  readonly sender: { readonly email: string; readonly name: string };
}

/** In bytes. SendGrid's answers are small, so a large one comes from elsewhere. */
const LARGEST_ANSWER = 256 * 1024;

/**
 * How long an idle connection is kept: well below the limit of any server or proxy. A request on a connection that the other
 * side is closing would fail with a reset, and a reset is ambiguous.
 */
const IDLE_LIMIT = 4 * SECOND;

/**
 * Sends one email and resolves with the answer, whatever its status.
 * @throws the error of axios when there is no complete answer before the deadline.
 */
export type HttpClient = (email: MailDataRequired) => Promise<Answer>;

export function sendgridHttpClient(config: SendgridConfig): HttpClient {
  const keptAlive = { keepAlive: true, timeout: IDLE_LIMIT };
  const agents = { httpAgent: new HttpAgent(keptAlive), httpsAgent: new HttpsAgent(keptAlive) };
  return async (email) => {
    const service = new MailService();
    service.setClient(clientFor(config, { ...axiosOptions(config.timeout), ...agents }));
    const [response] = await service.send(email);
    return { status: response.statusCode, headers: response.headers, body: response.body };
  };
}

/** A client for one request, because @sendgrid's client has one deadline for all its requests. */
function clientFor(config: SendgridConfig, options: ReturnType<typeof axiosOptions>): Client {
  const client = new Client();
  client.setDataResidency(config.region);
  client.setApiKey(config.apiKey);
  // After the key, which sets the address of the region.
  if (config.baseUrl !== undefined) client.setDefaultRequest('baseUrl', config.baseUrl);
  client.setDefaultRequest(options);
  return client;
}

/**
 * The options for axios, whose own `timeout` limits only silence, so the deadline is a signal. A redirect is not followed, because
 * that would send the API key elsewhere. The client replaces `url` by that of the request.
 */
function axiosOptions(timeout: Millis) {
  return {
    url: '',
    signal: AbortSignal.timeout(timeout),
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER,
    proxy: false,
    validateStatus: () => true,
  };
}
