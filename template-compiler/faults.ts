/** Everything that is wrong with the templates, each fault with its file and field. */
export class TemplateFaults extends Error {
  override readonly name = 'TemplateFaults';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The templates have faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** Collects faults, so that the person who edits the templates sees all of them at once. */
export class FaultList {
  readonly #faults: string[] = [];

  add(where: string, what: string): void {
    this.#faults.push(`${where}: ${what}`);
  }

  /** Adds the message of a parser's error. */
  addError(where: string, error: unknown): void {
    this.add(where, error instanceof Error ? error.message : String(error));
  }

  asError(): TemplateFaults {
    return new TemplateFaults(this.#faults);
  }

  /** @throws TemplateFaults when there are any. */
  throwIfAny(): void {
    if (this.#faults.length > 0) throw this.asError();
  }
}
