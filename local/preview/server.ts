import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import { Sources } from '../../templates/sources.ts';
import { inScheme } from './color-scheme.ts';
import { currentGallery } from './current-gallery.ts';
import { emailPage } from './email-page.ts';
import { faultPage, missingPage } from './fault-page.ts';
import { indexPage } from './index-page.ts';
import { page, type View } from './page.ts';
import { watchSources, type SourceWatch } from './source-watch.ts';
import { unsubscribePage } from './unsubscribe-page.ts';

const HOST = '127.0.0.1';
const assets = fileURLToPath(new URL('assets', import.meta.url));

/** Emails and pages bring no scripts and load nothing; neither does what slipped into one. */
const DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export interface Preview {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves every email and every state of the unsubscribe page of a folder of templates, as its files are at the moment.
 * @param options.port 0 takes any free one.
 * @throws Error when the port is in use.
 */
export async function startPreview(options: {
  readonly port: number;
  readonly sources?: Sources;
}): Promise<Preview> {
  const sources = options.sources ?? new Sources();
  const watch = watchSources(sources);
  const server = previewApp(sources, watch).listen(options.port, HOST);
  try {
    await once(server, 'listening');
  } catch (cause) {
    watch.close();
    const message = `Port ${options.port} is in use. Take another one: npm run preview -- --port 0 finds a free one.`;
    throw new Error(message, { cause });
  }
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${port}`,
    async close() {
      watch.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function previewApp(sources: Sources, watch: SourceWatch): Express {
  const gallery = currentGallery(sources);
  const app = express().disable('x-powered-by');
  app.use('/assets', express.static(assets));
  app.get('/changes', (_request, response) => {
    watch.tell(response);
  });
  app.get('/', async (_request, response) => {
    const version = sources.hash();
    response.send(page(await either(faultPage, async () => indexPage(await gallery())), version));
  });
  serveDocuments(app, 'emails', { sources, viewOf: emailPage, find: async () => (await gallery()).emails });
  serveDocuments(app, 'pages', {
    sources,
    viewOf: unsubscribePage,
    find: async () => (await gallery()).pages,
  });
  return app;
}

interface Document {
  readonly id: string;
  readonly html: string;
}

interface Documents<T extends Document> {
  readonly sources: Sources;
  readonly find: () => Promise<readonly T[]>;
  readonly viewOf: (shown: T, all: readonly T[]) => View;
}

/** Each document among its neighbours below `/FOLDER/ID`, and by itself, in a colour scheme, below `/FOLDER/ID/SCHEME`. */
function serveDocuments<T extends Document>(
  app: Express,
  folder: string,
  { sources, find, viewOf }: Documents<T>,
): void {
  app.get(`/${folder}/:id`, async (request, response) => {
    const version = sources.hash();
    const view = await either(faultPage, async () => {
      const all = await find();
      const shown = all.find(({ id }) => id === request.params['id']);
      return shown === undefined ? missingPage() : viewOf(shown, all);
    });
    response.send(page(view, version));
  });
  app.get(`/${folder}/:id/:scheme`, async (request, response) => {
    const all = await either(() => [], find);
    const shown = all.find(({ id }) => id === request.params['id']);
    const scheme = request.params['scheme'] === 'dark' ? 'dark' : 'light';
    response.set('Content-Security-Policy', DOCUMENT_POLICY);
    response.send(shown === undefined ? '' : inScheme(shown.html, scheme));
  });
}

/** What there is to show, or what is wrong with the templates. */
async function either<T>(instead: (error: unknown) => T, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    return instead(error);
  }
}
