import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { decodeEngagement } from '../../functions/src/messages/engagement.ts';
import { joinedPage, joinPage } from './page.ts';

export interface FamilyStandIn {
  /** Where the button of an email leads: what JOIN_URL has to be. */
  readonly joinUrl: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

interface FamilyOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** Publishes an engagement, as the app does. */
  readonly publish: (engagement: unknown) => Promise<unknown>;
}

/** Starts a local server in place of the app: whoever follows the button of an email can sign up there. */
export async function startFamilyStandIn({ port, publish }: FamilyOptions): Promise<FamilyStandIn> {
  const server = familyApp(publish).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    joinUrl: `http://127.0.0.1:${address.port}/join`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function familyApp(publish: FamilyOptions['publish']): Express {
  const app = express()
    .disable('x-powered-by')
    .use(express.urlencoded({ extended: false }));
  app.get('/join', (_request, response) => {
    response.send(joinPage());
  });
  app.post('/join', async (request, response) => {
    const { email = '' } = (request.body ?? {}) as { readonly email?: string };
    const signUp = signUpOf(email);
    const decoded = decodeEngagement(Buffer.from(JSON.stringify(signUp)), Date.now());
    if ('fault' in decoded) {
      response.status(400).send(joinPage(email, 'That does not look like an email address.'));
      return;
    }
    await publish(signUp);
    response.send(joinedPage());
  });
  return app;
}

function signUpOf(email: string) {
  const occurredAt = new Date().toISOString();
  return { version: 1, eventId: randomUUID(), type: 'signed-up', occurredAt, customer: { email } };
}
