import { EventEmitter, once } from 'node:events';

/** One line that a function logged. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** How long `until` waits without a new line, in ms. */
const QUIET_TIMEOUT = 45_000;

/** What one function has logged, in all its processes. */
export class LogBook {
  readonly #lines: LogLine[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);

  /** Adds a line of the output, if it is a structured log. */
  add(line: string): void {
    const entry = parsed(line);
    if (entry === undefined) return;
    this.#lines.push(entry);
    this.#changes.emit('line', entry);
  }

  /** Calls a listener for every further line. */
  onLine(listener: (line: LogLine) => void): void {
    this.#changes.on('line', listener);
  }

  all(matches: (line: LogLine) => boolean): LogLine[] {
    return this.#lines.filter(matches);
  }

  /**
   * Resolves with the matching lines as soon as there are `count` of them. Earlier lines count.
   * @throws Error with the last lines when nothing more is logged.
   */
  async until(matches: (line: LogLine) => boolean, count = 1): Promise<LogLine[]> {
    const found: LogLine[] = [];
    for (let next = 0; ; next += 1) {
      while (next >= this.#lines.length) await this.#nextLine();
      const line = this.#lines[next];
      if (line !== undefined && matches(line)) found.push(line);
      if (found.length >= count) return found;
    }
  }

  async #nextLine(): Promise<void> {
    try {
      await once(this.#changes, 'line', { signal: AbortSignal.timeout(QUIET_TIMEOUT) });
    } catch (cause) {
      const last = this.#lines.slice(-10).map((line) => JSON.stringify(line));
      throw new Error(`Nothing was logged for ${QUIET_TIMEOUT} ms, last:\n${last.join('\n')}`, { cause });
    }
  }
}

function parsed(line: string): LogLine | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && 'event' in entry ? (entry as LogLine) : undefined;
  } catch {
    return undefined;
  }
}
