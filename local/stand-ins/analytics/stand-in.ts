import express, { type Express } from 'express';
import { startHttpServer } from '../../stack/http-server.ts';
import { contentFor, type Question } from './contents.ts';
import { faultsIn } from './contract.ts';
import { modeSchema, respond, type Mode } from './modes.ts';

export interface AnalyticsStandIn {
  /** The value for ANALYTICS_URL. */
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/**
 * Starts a local server that answers according to docs/analytics.openapi.yaml, and refuses every question that breaks the
 * contract. `PUT /stand-in/mode` with `{mode, delay?}` (see modes.ts) makes it slow, wrong or down.
 * @param options.port 0 or nothing takes a free one.
 */
export function startAnalyticsStandIn({ port = 0 }: { port?: number } = {}): Promise<AnalyticsStandIn> {
  return startHttpServer(analyticsApp(), port);
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
