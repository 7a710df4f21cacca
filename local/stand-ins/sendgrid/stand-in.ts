import { startHttpServer } from '../../stack/http-server.ts';
import { sendgridApp } from './app.ts';
import { startInbox } from './inbox.ts';
import type { VerifiedSenders } from './mail-send.ts';
import { Webhook, type WebhookOptions } from './webhook.ts';

export interface SendgridStandInOptions {
  /** The only key that it accepts. */
  readonly apiKey: string;
  /** Addresses or domains that it accepts mail from; all of them when absent. */
  readonly verifiedSenders?: VerifiedSenders;
  /** Where events are reported; nowhere when absent. */
  readonly webhook?: WebhookOptions;
  /** The ports of the API, of the inbox's web page and of its SMTP server. 0 or nothing means a free one. */
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
   * Resolves when the webhook's receiver has accepted all events so far.
   * @throws Error with its answer when it does not accept them.
   */
  reported(): Promise<void>;
  /** Ends open connections too, and drops all emails. */
  close(): Promise<void>;
}

/**
 * Starts a local server that answers `POST /v3/mail/send` as SendGrid does and delivers to an inbox of its own.
 *
 * Further addresses control it: `PUT /stand-in/faults` takes a list of faults (see faults.ts) for the next requests,
 * `GET /stand-in/accepted` gives the number of accepted requests and their email IDs in order, `POST /stand-in/events`
 * reports an event of an email, and `PUT /stand-in/webhook` duplicates and reorders events (see control.ts).
 */
export async function startSendgridStandIn(options: SendgridStandInOptions): Promise<SendgridStandIn> {
  const inbox = await startInbox({ web: options.inboxPort ?? 0, smtp: options.smtpPort ?? 0 });
  const webhook = options.webhook && new Webhook(options.webhook);
  const server = await startHttpServer(sendgridApp(options, inbox, webhook), options.port).catch(
    async (error: unknown) => {
      await inbox.close();
      throw error;
    },
  );
  return {
    url: server.url,
    inboxUrl: inbox.url,
    reported: async () => webhook?.drained(),
    async close() {
      await server.close();
      await webhook?.close();
      await inbox.close();
    },
  };
}
