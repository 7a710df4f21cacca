import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendgridApp } from './app.ts';
import { startInbox } from './inbox.ts';
import type { VerifiedSenders } from './mail-send.ts';
import { Webhook, type WebhookOptions } from './webhook.ts';

export interface SendgridStandInOptions {
  /** The only key it takes. */
  readonly apiKey: string;
  /** Addresses or domains it takes mail from; every one when absent. */
  readonly verifiedSenders?: VerifiedSenders;
  /** Who is told what becomes of the emails; nobody when absent. */
  readonly webhook?: WebhookOptions;
  /** Ports, where 0 or nothing means a free one: of the API, of the inbox's web page, of its SMTP server. */
  readonly port?: number;
  readonly inboxPort?: number;
  readonly smtpPort?: number;
}

export interface SendgridStandIn {
  /** The base URL for @sendgrid/mail. */
  readonly url: string;
  /** The web page that shows the delivered emails. */
  readonly inboxUrl: string;
  /**
   * Resolves when the webhook's receiver has taken all that has happened so far.
   * @throws Error saying what it answered when it does not take it.
   */
  reported(): Promise<void>;
  /** Ends open connections too, and drops all emails. */
  close(): Promise<void>;
}

/**
 * Starts a local server that answers `POST /v3/mail/send` the way SendGrid does and delivers to an inbox of its own.
 *
 * Whoever directs it talks to more addresses: `PUT /stand-in/faults` takes a list of faults (see faults.ts) that befall
 * the next requests, `GET /stand-in/accepted` tells how many requests were accepted and the email IDs they carried, in
 * order, `POST /stand-in/events` has something happen to an email, and `PUT /stand-in/webhook` brings duplicates and
 * disorder into what is reported (see control.ts).
 */
export async function startSendgridStandIn(options: SendgridStandInOptions): Promise<SendgridStandIn> {
  const inbox = await startInbox({ web: options.inboxPort ?? 0, smtp: options.smtpPort ?? 0 });
  const webhook = options.webhook && new Webhook(options.webhook);
  const server = createServer(sendgridApp(options, inbox, webhook));
  try {
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    await inbox.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    inboxUrl: inbox.url,
    reported: async () => webhook?.taken(),
    async close() {
      server.close();
      server.closeAllConnections();
      await webhook?.close();
      await inbox.close();
    },
  };
}
