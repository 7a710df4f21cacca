import { EventEmitter, once } from 'node:events';

/** One line that a function logged. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** When nothing new is logged for this long, what is waited for will not come. In ms. */
const PATIENCE = 45_000;

/** What one function has logged, over all the processes it has had. */
export class LogBook {
  readonly #lines: LogLine[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);

  /** @param line of the output; what is not a structured log is left out. */
  hear(line: string): void {
    const entry = parsed(line);
    if (entry === undefined) return;
    this.#lines.push(entry);
    this.#changes.emit('line', entry);
  }

  /** Has every line to come told to a listener. */
  onLine(listener: (line: LogLine) => void): void {
    this.#changes.on('line', listener);
  }

  all(matches: (line: LogLine) => boolean): LogLine[] {
    return this.#lines.filter(matches);
  }

  /**
   * Resolves with the matching lines as soon as there are `count` of them, from whatever time.
   * @throws Error with the last lines when nothing is logged any more.
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
      await once(this.#changes, 'line', { signal: AbortSignal.timeout(PATIENCE) });
    } catch (cause) {
      const lastWords = this.#lines.slice(-10).map((line) => JSON.stringify(line));
      throw new Error(`Nothing was logged for ${PATIENCE} ms, last:\n${lastWords.join('\n')}`, { cause });
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
