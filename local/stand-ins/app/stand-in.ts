import { randomUUID } from 'node:crypto';
import express, { type Express } from 'express';
import { decodeEngagement } from '../../../functions/src/messages/engagement.ts';
import { startHttpServer } from '../../stack/http-server.ts';
import { joinedPage, joinPage } from './page.ts';

export interface AppStandIn {
  /** Where the button of an email leads: the value for JOIN_URL. */
  readonly joinUrl: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

interface AppOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** Publishes an engagement, as the app does. */
  readonly publish: (engagement: unknown) => Promise<unknown>;
}

/** Starts a local server in place of the app: a customer who clicks the button of an email can sign up there. */
export async function startAppStandIn({ port, publish }: AppOptions): Promise<AppStandIn> {
  const server = await startHttpServer(application(publish), port);
  return { joinUrl: `${server.url}/join`, close: () => server.close() };
}

function application(publish: AppOptions['publish']): Express {
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
