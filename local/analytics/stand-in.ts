import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { contentFor, type Question } from './contents.ts';
import { faultsIn } from './contract.ts';
import { modeSchema, respond, type Mode } from './modes.ts';

export interface AnalyticsStandIn {
  /** What ANALYTICS_URL has to be. */
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/**
 * Starts a local server that answers as docs/analytics.openapi.yaml has it, and refuses every question that does not fit
 * it. `PUT /stand-in/mode` with `{mode, delay?}` (see modes.ts) makes it slow, wrong or down.
 * @param options.port 0 or nothing takes a free one.
 */
export async function startAnalyticsStandIn({ port = 0 }: { port?: number } = {}): Promise<AnalyticsStandIn> {
  const server = createServer(analyticsApp());
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function analyticsApp(): Express {
  let mode: Mode = modeSchema.parse({ mode: 'normal' });
  const app = express()
    .disable('x-powered-by')
    .use(express.json({ limit: '1mb' }));

  app.post('/v1/content', (request, response) => {
    const faults = faultsIn(request.body, 'Question');
    if (faults.length > 0) response.status(400).json({ faults });
    else respond(mode, contentFor(request.body as Question), response);
  });
  app.put('/stand-in/mode', (request, response) => {
    const wanted = modeSchema.safeParse(request.body);
    if (wanted.success) mode = wanted.data;
    response.status(wanted.success ? 204 : 400).end();
  });
  return app;
}
