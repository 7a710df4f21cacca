/** A program that runs beside us and never outlives us. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { descendantsOf, kill } from './process-tree.ts';

/** How many of its last lines are shown when it ends on its own, and how often readiness is looked at, in ms. */
const LINES_KEPT = 30;
const READY_INTERVAL = 50;

export interface ServiceOptions {
  /** For people: `the Firestore emulator`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Told every line it prints. */
  readonly onLine?: (line: string) => void;
}

export class Service {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #lastLines: string[] = [];
  readonly #ended: Promise<unknown>;
  #stopping = false;

  /** Starts it in a process group of its own, so that Ctrl-C in the terminal reaches us alone and we end it in order. */
  constructor({ name, command, args, env, cwd, onLine }: ServiceOptions) {
    this.#name = name;
    this.#child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#ended = once(this.#child, 'close').catch((error: unknown) => this.#lastLines.push(String(error)));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.#lastLines.push(line);
        if (this.#lastLines.length > LINES_KEPT) this.#lastLines.shift();
        onLine?.(line);
      });
    }
  }

  /**
   * Resolves when `isReady` first says so.
   * @throws Error with its last words when it ends before, or after `patience` ms.
   */
  async ready(isReady: () => Promise<boolean>, patience = 120_000): Promise<void> {
    const deadline = Date.now() + patience;
    while (!(await isReady())) {
      if (this.#hasEnded()) throw new Error(`${this.#name} ended while starting. ${this.#lastWords()}`);
      if (Date.now() > deadline) throw new Error(`${this.#name} did not become ready. ${this.#lastWords()}`);
      await delay(READY_INTERVAL);
    }
  }

  /** Rejects when it ends without having been asked to; pending for as long as all is well. */
  async unexpectedEnd(): Promise<never> {
    await this.#ended;
    if (this.#stopping) return new Promise<never>(() => undefined);
    throw new Error(`${this.#name} ended unexpectedly. ${this.#lastWords()}`);
  }

  /** Ends it and everything it started: asks first, insists after `patience` ms. Resolves when all are gone. */
  async stop(patience = 15_000): Promise<void> {
    this.#stopping = true;
    const pid = this.#child.pid;
    if (pid === undefined || this.#hasEnded()) return;
    const family = [pid, ...(await descendantsOf(pid))];
    kill(pid, 'SIGINT');
    await Promise.race([this.#ended, delay(patience, undefined, { ref: false })]);
    for (const member of family) kill(member, 'SIGKILL');
    await this.#ended;
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
  }

  #lastWords(): string {
    return `The last it said:\n${this.#lastLines.map((line) => `  ${line}`).join('\n')}`;
  }
}
