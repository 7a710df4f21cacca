import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LineSplitter } from '../../operations/terminal/lines.ts';
import { descendantsOf, killTree } from './process-tree.ts';

/** How many of the last lines are kept. */
const LINES_KEPT = 30;
/** How often readiness is checked, in ms. */
const READY_INTERVAL = 20;
/** How often the descendants are listed while it starts, in ms. It takes some milliseconds. */
const LISTING_INTERVAL = 200;

/** The programs that run now. They are killed when an error ends this process before it has stopped them. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface ServiceOptions {
  /** As the beginning of a sentence: `The Firestore emulator`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called for every line that it prints. */
  readonly onLine?: (line: string) => void;
  /** Aborting it stops the service in any state. */
  readonly signal?: AbortSignal;
  /** Called when it has ended. */
  readonly afterwards?: () => Promise<void>;
}

/** A program that runs beside this process and never outlives it. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #lastLines: string[] = [];
  /** Descendants that were seen while it started. They cannot be found once it has died. */
  readonly #descendants = new Set<number>();
  #listedAt = 0;
  #isEndExpected = false;
  #stopped: Promise<void> | undefined;

  /** Starts it in a process group of its own: Ctrl-C in the terminal reaches only this process, which stops it in order. */
  constructor(options: ServiceOptions) {
    const { command, args, env, cwd } = options;
    this.#options = options;
    this.#child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.#child);
    this.#ended = once(this.#child, 'exit')
      .then(
        () => undefined,
        (error: unknown) => this.#keep(String(error)),
      )
      .finally(() => running.delete(this.#child));
    options.signal?.addEventListener('abort', () => void this.stop(), { once: true });
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      if (output) this.#readLines(output);
    }
  }

  /**
   * Resolves when `isReady` returns true.
   * @throws Error with its last output when it ends before, or after `timeout` ms.
   */
  async ready(isReady: () => Promise<boolean>, timeout = 120_000): Promise<void> {
    const deadline = Date.now() + timeout;
    while (!(await isReady())) {
      if (this.#hasEnded())
        throw new Error(`${this.#options.name} ended while starting. ${this.lastOutput()}`);
      if (Date.now() > deadline) {
        throw new Error(`${this.#options.name} did not become ready. ${this.lastOutput()}`);
      }
      await delay(READY_INTERVAL);
      if (Date.now() >= this.#listedAt + LISTING_INTERVAL) await this.#noteDescendants();
    }
    await this.#noteDescendants();
  }

  /** Resolves when it has ended without `stop` or `terminate`; pending otherwise. */
  async unexpectedEnd(): Promise<Error> {
    await this.#ended;
    if (this.#isEndExpected) return new Promise(() => undefined);
    return new Error(`${this.#options.name} ended unexpectedly. ${this.lastOutput()}`);
  }

  /**
   * Kills it and all its descendants; resolves when they have ended. Further calls wait for the first one. There is no
   * need for a graceful end: it has nothing to save.
   */
  async stop(): Promise<void> {
    this.#isEndExpected = true;
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Sends SIGTERM. Resolves with the exit code, or null when a signal ended it. */
  async terminate(): Promise<number | null> {
    this.#isEndExpected = true;
    this.#child.kill('SIGTERM');
    await this.#ended;
    this.#stopped ??= Promise.resolve();
    return this.#child.exitCode;
  }

  /** The last lines that it printed, for an error message. */
  lastOutput(): string {
    if (this.#lastLines.length === 0) return 'It printed nothing.';
    return `Its last output:\n${this.#lastLines.map((line) => `  ${line}`).join('\n')}`;
  }

  async #end(): Promise<void> {
    if (this.#child.pid !== undefined) await killTree(this.#child.pid, [...this.#descendants]);
    await this.#ended;
    await this.#options.afterwards?.();
  }

  async #noteDescendants(): Promise<void> {
    if (this.#child.pid === undefined) return;
    this.#listedAt = Date.now();
    for (const pid of await descendantsOf(this.#child.pid)) this.#descendants.add(pid);
  }

  #readLines(output: Readable): void {
    const splitter = new LineSplitter();
    const read = (lines: Iterable<Buffer>): void => {
      for (const line of lines) this.#onOutput(line);
    };
    output.on('data', (chunk: Buffer) => {
      read(splitter.push(chunk));
    });
    output.on('end', () => {
      read(splitter.end());
    });
  }

  /** A program may print anything: what is not text must not hide the rest of its line. */
  #onOutput(bytes: Buffer): void {
    const line = bytes.toString();
    this.#keep(line);
    this.#options.onLine?.(line);
  }

  #keep(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > LINES_KEPT) this.#lastLines.shift();
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
  }
}
