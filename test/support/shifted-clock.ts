import { renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A clock for other processes, which a test can advance. */
export class ShiftedClock {
  readonly #folder: string;
  #offset = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.advance(0);
  }

  static async start(): Promise<ShiftedClock> {
    return new ShiftedClock(await mkdtemp(path.join(tmpdir(), 'farmacy-clock-')));
  }

  /** The options that make a Node process use this clock. */
  readonly nodeOptions = ['--import', path.join(import.meta.dirname, 'shifted-date.ts')];

  get env(): Record<string, string> {
    return { CLOCK_OFFSET_FILE: this.#file };
  }

  /** Epoch milliseconds. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** Advances the clock of all processes at once, by a duration in ms. */
  advance(duration: number): void {
    this.#offset += duration;
    // Renaming is atomic: no process ever reads half a number.
    writeFileSync(`${this.#file}.next`, `${this.#offset}`);
    renameSync(`${this.#file}.next`, this.#file);
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }

  get #file(): string {
    return path.join(this.#folder, 'offset');
  }
}
