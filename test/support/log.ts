import { createLog, type Log } from '../../functions/src/log.ts';

export type LogLine = Record<string, unknown> & { event: string };

/** A log, with the lines that were written to it. */
export interface RecordingLog {
  readonly log: Log;
  /** The lines, parsed. */
  readonly lines: LogLine[];
  /** The event of each line. */
  readonly events: () => string[];
}

export function recordingLog(): RecordingLog {
  const lines: LogLine[] = [];
  const log = createLog(undefined, (line) => lines.push(JSON.parse(line) as LogLine));
  return { log, lines, events: () => lines.map(({ event }) => event) };
}

/** A log that is empty at the beginning of each test of the suite that calls this. */
export function logForEachTest(): RecordingLog {
  const recorded = recordingLog();
  beforeEach(() => void recorded.lines.splice(0));
  return recorded;
}
