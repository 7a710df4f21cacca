import { watch } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { Sources } from '../../templates/sources.ts';

/** An editor saves a file in several steps; this many ms of silence mean that it is done. */
const QUIET = 80;

/** Tells browsers, over server-sent events, that a source changed. */
export interface SourceWatch {
  /** Keeps a response open and writes an event to it at every change. */
  readonly tell: (response: ServerResponse) => void;
  readonly close: () => void;
}

export function watchSources(sources: Sources): SourceWatch {
  const browsers = new Set<ServerResponse>();
  let announcement: NodeJS.Timeout | undefined;

  const announce = () => {
    for (const browser of browsers) browser.write('event: change\ndata: templates\n\n');
  };
  const watcher = watch(sources.folder, { recursive: true }, () => {
    clearTimeout(announcement);
    announcement = setTimeout(announce, QUIET);
  });

  return {
    tell(response) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write('retry: 500\n\n');
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
