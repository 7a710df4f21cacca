import { watch } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { Sources } from '../../templates/sources.ts';

/** An editor saves a file in several steps; this many ms of silence mean that it is done. */
const QUIET = 80;

/** Tells browsers, over server-sent events, which version the sources have: at once, and whenever it changes. */
export interface SourceWatch {
  /** Keeps a response open for the events. A page that shows another version than an event names is out of date. */
  readonly tell: (response: ServerResponse) => void;
  readonly close: () => void;
}

export function watchSources(sources: Sources): SourceWatch {
  const browsers = new Set<ServerResponse>();
  let announcement: NodeJS.Timeout | undefined;

  const announceTo = (audience: Iterable<ServerResponse>) => {
    const event = `event: version\ndata: ${sources.hash()}\n\n`;
    for (const browser of audience) browser.write(event);
  };
  const watcher = watch(sources.folder, { recursive: true }, () => {
    clearTimeout(announcement);
    announcement = setTimeout(() => {
      announceTo(browsers);
    }, QUIET);
  });

  return {
    tell(response) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write('retry: 500\n\n');
      announceTo([response]);
      browsers.add(response);
      response.on('close', () => browsers.delete(response));
    },
    close() {
      watcher.close();
      clearTimeout(announcement);
      for (const browser of browsers) browser.end();
    },
  };
}
