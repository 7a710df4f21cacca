/** Keeps what a program prints until it is released, and prints it from then on. */
export class HeldOutput {
  #held: Uint8Array[] | undefined = [];

  write(chunk: Uint8Array): void {
    if (this.#held === undefined) process.stdout.write(chunk);
    else this.#held.push(chunk);
  }

  release(): void {
    process.stdout.write(Buffer.concat(this.#held ?? []));
    this.#held = undefined;
  }
}
