import { startHttpServer } from '../../stack/http-server.ts';
import { sendgridApp, type SendgridAppOptions } from './app.ts';
import { Webhook, type WebhookOptions } from './webhook.ts';

export interface SendgridStandInOptions extends SendgridAppOptions {
  /** Where events are reported; nowhere when absent. */
  readonly webhook?: WebhookOptions;
  /** A free one when absent. */
  readonly port?: number;
}

export interface SendgridStandIn {
  /** The base URL for @sendgrid/mail. */
  readonly url: string;
  /**
   * Resolves when the webhook's receiver has accepted all events so far.
   * @throws Error with its answer when it does not accept them.
   */
  reported(): Promise<void>;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/**
 * Starts a local server that answers `POST /v3/mail/send` as SendGrid does and delivers to an inbox.
 *
 * Further addresses control it: `PUT /stand-in/faults` takes a list of faults (see faults.ts) for the next requests,
 * `GET /stand-in/accepted` gives the number of accepted requests and their email IDs in order, `POST /stand-in/events`
 * reports an event of an email, and `PUT /stand-in/webhook` duplicates and reorders events (see control.ts).
 */
export async function startSendgridStandIn(options: SendgridStandInOptions): Promise<SendgridStandIn> {
  const webhook = options.webhook && new Webhook(options.webhook);
  const server = await startHttpServer(sendgridApp(options, webhook), options.port);
  return {
    url: server.url,
    reported: async () => webhook?.drained(),
    async close() {
      await server.close();
      await webhook?.close();
    },
  };
}
