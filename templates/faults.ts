/** What is wrong with the templates: every fault at once, each with its file and field. */
export class TemplateFaults extends Error {
  override readonly name = 'TemplateFaults';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Something is wrong with the templates:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** Gathers faults, so that whoever edits the templates sees all of them in one go. */
export class FaultList {
  readonly #faults: string[] = [];

  add(where: string, what: string): void {
    this.#faults.push(`${where}: ${what}`);
  }

  /** Adds what a parser complained about. */
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
