import { watch } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { Sources } from '../../template-compiler/sources.ts';

/** An editor saves a file in several steps. After this many ms without a change, it has finished. */
const QUIET_TIME = 80;

/** Sends browsers the version of the sources as a server-sent event: at first, and whenever it changes. */
export interface SourceWatch {
  /** Keeps a response open for the events. A page that shows another version than the event is out of date. */
  readonly subscribe: (response: ServerResponse) => void;
  readonly close: () => void;
}

export function watchSources(sources: Sources): SourceWatch {
  const browsers = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | undefined;

  const sendVersion = (receivers: Iterable<ServerResponse>) => {
    const event = `event: version\ndata: ${sources.hash()}\n\n`;
    for (const browser of receivers) browser.write(event);
  };
  const watcher = watch(sources.folder, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      sendVersion(browsers);
    }, QUIET_TIME);
  });

  return {
    subscribe(response) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write('retry: 500\n\n');
      sendVersion([response]);
      browsers.add(response);
      response.on('close', () => browsers.delete(response));
    },
    close() {
      watcher.close();
      clearTimeout(timer);
      for (const browser of browsers) browser.end();
    },
  };
}
