/** A program that runs beside us and never outlives us. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { descendantsOf, killTree } from './process-tree.ts';

/** How many of its last lines are remembered. */
const LINES_KEPT = 30;
/** How often readiness is looked at, in ms. */
const READY_INTERVAL = 100;

export interface ServiceOptions {
  /** For people, at the beginning of a sentence: `The Firestore emulator`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Told every line it prints. */
  readonly onLine?: (line: string) => void;
  /** Aborting it stops the service, in whatever state it is. */
  readonly signal?: AbortSignal;
  /** What is left to do when it is gone. */
  readonly afterwards?: () => Promise<void>;
}

export class Service {
  readonly #options: ServiceOptions;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #lastLines: string[] = [];
  /** All that it was seen to start while it was starting: when it has died, nobody can tell any more. */
  readonly #offspring = new Set<number>();
  #stopped: Promise<void> | undefined;

  /** Starts it in a process group of its own: Ctrl-C in the terminal reaches us alone, and we end it in order. */
  constructor(options: ServiceOptions) {
    const { command, args, env, cwd } = options;
    this.#options = options;
    this.#child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#ended = once(this.#child, 'exit').then(
      () => undefined,
      (error: unknown) => this.#remember(String(error)),
    );
    options.signal?.addEventListener('abort', () => void this.stop(), { once: true });
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      if (output) createInterface({ input: output }).on('line', (line) => this.#hear(line));
    }
  }

  /**
   * Resolves when `isReady` first says so.
   * @throws Error with its last words when it ends before, or after `patience` ms.
   */
  async ready(isReady: () => Promise<boolean>, patience = 120_000): Promise<void> {
    const deadline = Date.now() + patience;
    while (!(await isReady())) {
      if (this.#hasEnded())
        throw new Error(`${this.#options.name} ended while starting. ${this.lastWords()}`);
      if (Date.now() > deadline) {
        throw new Error(`${this.#options.name} did not become ready. ${this.lastWords()}`);
      }
      await delay(READY_INTERVAL);
      await this.#seeOffspring();
    }
    await this.#seeOffspring();
  }

  /** Resolves when it has ended without having been asked to; pending for as long as all is well. */
  async unexpectedEnd(): Promise<Error> {
    await this.#ended;
    if (this.#stopped !== undefined) return new Promise(() => undefined);
    return new Error(`${this.#options.name} ended unexpectedly. ${this.lastWords()}`);
  }

  /**
   * Ends it and everything it started, at once: none of it has anything to save. Resolves when all are gone.
   * Asking again joins the first time.
   */
  async stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks it to end by itself (SIGTERM). Resolves with its exit code, or null when a signal ended it. */
  async terminate(): Promise<number | null> {
    this.#stopped ??= this.#ended;
    this.#child.kill('SIGTERM');
    await this.#ended;
    return this.#child.exitCode;
  }

  /** The last lines it printed, for a message about what went wrong. */
  lastWords(): string {
    return `The last it said:\n${this.#lastLines.map((line) => `  ${line}`).join('\n')}`;
  }

  async #end(): Promise<void> {
    if (this.#child.pid !== undefined) await killTree(this.#child.pid, [...this.#offspring]);
    await this.#ended;
    await this.#options.afterwards?.();
  }

  async #seeOffspring(): Promise<void> {
    if (this.#child.pid === undefined) return;
    for (const pid of await descendantsOf(this.#child.pid)) this.#offspring.add(pid);
  }

  #hear(line: string): void {
    this.#remember(line);
    this.#options.onLine?.(line);
  }

  #remember(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > LINES_KEPT) this.#lastLines.shift();
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
  }
}
