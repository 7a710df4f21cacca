import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import { Sources } from '../../template-compiler/sources.ts';
import { startHttpServer } from '../stack/http-server.ts';
import { currentGallery } from './current-gallery.ts';
import { emailPage, unsubscribePage } from './document-pages.ts';
import { faultPage, missingPage } from './fault-page.ts';
import { indexPage } from './index-page.ts';
import { page, type View } from './page.ts';
import { watchSources, type SourceWatch } from './source-watch.ts';
import { inScheme } from './windows.ts';

const assets = fileURLToPath(new URL('assets', import.meta.url));

/** Emails and pages have no scripts and load nothing. The browser refuses any that get in by mistake. */
const DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export interface Preview {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves every email and every state of the unsubscribe page, from the current files in a folder of templates.
 * @param options.port 0 takes any free one.
 * @throws Error when the port is in use.
 */
export async function startPreview(options: {
  readonly port: number;
  readonly sources?: Sources;
}): Promise<Preview> {
  const sources = options.sources ?? new Sources();
  const watch = watchSources(sources);
  try {
    const server = await startHttpServer(previewApp(sources, watch), options.port);
    return {
      url: server.url,
      async close() {
        watch.close();
        await server.close();
      },
    };
  } catch (cause) {
    watch.close();
    const message = `Port ${options.port} is in use. npm run preview -- --port 0 takes a free one.`;
    throw new Error(message, { cause });
  }
}

function previewApp(sources: Sources, watch: SourceWatch): Express {
  const gallery = currentGallery(sources);
  const app = express().disable('x-powered-by');
  app.use('/assets', express.static(assets));
  app.get('/changes', (_request, response) => {
    watch.subscribe(response);
  });
  app.get('/', async (_request, response) => {
    const version = sources.hash();
    response.send(page(await orElse(faultPage, async () => indexPage(await gallery())), version));
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

/** Serves the page about a document at `/FOLDER/ID`, and the document itself, in a colour scheme, at `/FOLDER/ID/SCHEME`. */
function serveDocuments<T extends Document>(
  app: Express,
  folder: string,
  { sources, find, viewOf }: Documents<T>,
): void {
  app.get(`/${folder}/:id`, async (request, response) => {
    const version = sources.hash();
    const view = await orElse(faultPage, async () => {
      const all = await find();
      const shown = all.find(({ id }) => id === request.params['id']);
      return shown === undefined ? missingPage() : viewOf(shown, all);
    });
    response.send(page(view, version));
  });
  app.get(`/${folder}/:id/:scheme`, async (request, response) => {
    const all = await orElse(() => [], find);
    const shown = all.find(({ id }) => id === request.params['id']);
    const scheme = request.params['scheme'] === 'dark' ? 'dark' : 'light';
    response.set('Content-Security-Policy', DOCUMENT_POLICY);
    response.send(shown === undefined ? '' : inScheme(shown.html, scheme));
  });
}

/** The result of `work`, or of `onError` when `work` throws. */
async function orElse<T>(onError: (error: unknown) => T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return onError(error);
  }
}
