import { createLog, type Log } from '../../functions/src/log.ts';

export type LogLine = Record<string, unknown> & { event: string };

/** A log that remembers, parsed, what it was told. */
export function rememberingLog(): { log: Log; lines: LogLine[]; events: () => string[] } {
  const lines: LogLine[] = [];
  const log = createLog(undefined, (line) => lines.push(JSON.parse(line) as LogLine));
  return { log, lines, events: () => lines.map(({ event }) => event) };
}
