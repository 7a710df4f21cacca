import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { WebhookEvent } from '../../local/stand-ins/sendgrid/webhook-events.ts';

/** One request to the webhook. */
interface ReceivedRequest {
  readonly signature: { readonly signature: string; readonly timestamp: string };
  readonly body: Buffer;
  readonly events: readonly WebhookEvent[];
}

/** A server that receives SendGrid's reports on emails. */
export interface WebhookReceiver {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** The events of the requests that it has accepted. */
  events(): WebhookEvent[];
  close(): Promise<void>;
}

/** @param statuses the statuses of the first answers; all others are 204. */
export async function startWebhookReceiver(statuses: number[] = []): Promise<WebhookReceiver> {
  const requests: ReceivedRequest[] = [];
  const accepted: WebhookEvent[] = [];
  const server = createServer((request, response) => {
    const header = (name: string) => String(request.headers[`x-twilio-email-event-webhook-${name}`]);
    void buffer(request).then((body) => {
      const events = JSON.parse(body.toString()) as WebhookEvent[];
      const signature = { signature: header('signature'), timestamp: header('timestamp') };
      requests.push({ signature, body, events });
      const status = statuses.shift() ?? 204;
      if (status === 204) accepted.push(...events);
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    events: () => accepted,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
