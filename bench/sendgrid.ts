import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { LOOPBACK } from '../operations/target/local-stack.ts';

/** The part of a request to `POST /v3/mail/send` that is read here. */
const mail = z.object({ custom_args: z.object({ emailId: z.string() }) });

export interface AcceptingSendgrid {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A SendGrid that accepts every email at once and keeps none, because the way to it is what is measured. (The stand-in in
 * local/sendgrid checks each request against SendGrid's rules and delivers to an inbox.)
 * @param onAccepted is called with the ID of each email, just before the answer.
 */
export async function startAcceptingSendgrid(
  onAccepted: (emailId: string) => void,
): Promise<AcceptingSendgrid> {
  const server = createServer((request, response) => {
    void emailIdIn(request).then((emailId) => {
      onAccepted(emailId);
      response.writeHead(202, { 'x-message-id': emailId }).end();
    });
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function emailIdIn(request: IncomingMessage): Promise<string> {
  return mail.parse(JSON.parse(await text(request))).custom_args.emailId;
}
