/** Lines of files and streams. A line ends with LF, and with nothing else: other separators may be part of a name. */

const LF = 0x0a;
const CR = 0x0d;

/** Splits bytes into lines, without the LF and without a CR before it. */
export class LineSplitter {
  /** The beginning of a line whose end has not been read. */
  #pending: Buffer[] = [];

  /** The lines that end in a chunk. */
  *push(chunk: Uint8Array): Generator<Buffer> {
    const bytes = Buffer.from(chunk);
    let start = 0;
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
      yield this.#take(bytes.subarray(start, end));
      start = end + 1;
    }
    if (start < bytes.length) this.#pending.push(bytes.subarray(start));
  }

  /** The last line, if it has no LF. Call it at the end of the input. */
  *end(): Generator<Buffer> {
    if (this.#pending.length > 0) yield this.#take(Buffer.alloc(0));
  }

  #take(last: Buffer): Buffer {
    const line = Buffer.concat([...this.#pending, last]);
    this.#pending = [];
    return line.at(-1) === CR ? line.subarray(0, -1) : line;
  }
}

/** The lines of a stream, one at a time: it may be larger than memory. */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const splitter = new LineSplitter();
  for await (const chunk of input) yield* splitter.push(chunk);
  yield* splitter.end();
}
