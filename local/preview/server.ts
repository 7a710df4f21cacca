import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import type { GalleryEmail } from '../../templates/gallery.ts';
import { Sources } from '../../templates/sources.ts';
import { inScheme, type Scheme } from './color-scheme.ts';
import { currentGallery } from './current-gallery.ts';
import { emailPage } from './email-page.ts';
import { faultPage, missingPage } from './fault-page.ts';
import { indexPage } from './index-page.ts';
import { watchSources, type SourceWatch } from './source-watch.ts';

const HOST = '127.0.0.1';
const assets = fileURLToPath(new URL('assets', import.meta.url));

/** Emails bring no scripts and load nothing; neither does what slipped into one. */
const EMAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export interface Preview {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves every email of a folder of templates, as its files are at the moment.
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
    response.send(await shown(gallery, indexPage));
  });
  app.get('/emails/:id', async (request, response) => {
    response.send(await shown(gallery, withEmail(request.params.id, emailPage)));
  });
  app.get('/emails/:id/:scheme', async (request, response) => {
    const { id, scheme } = request.params;
    const html = withEmail(id, (email) => inScheme(email.html, schemeOf(scheme)));
    response.set('Content-Security-Policy', EMAIL_POLICY).send(await shown(gallery, html));
  });
  return app;
}

type Page = (emails: readonly GalleryEmail[]) => string;

function withEmail(id: string, show: (email: GalleryEmail, emails: readonly GalleryEmail[]) => string): Page {
  return (emails) => {
    const email = emails.find((candidate) => candidate.id === id);
    return email === undefined ? missingPage() : show(email, emails);
  };
}

function schemeOf(text: string): Scheme {
  return text === 'dark' ? 'dark' : 'light';
}

/** A page about the emails as they are now, or about what is wrong with the templates. */
async function shown(gallery: () => Promise<readonly GalleryEmail[]>, page: Page): Promise<string> {
  try {
    return page(await gallery());
  } catch (error) {
    return faultPage(error);
  }
}
