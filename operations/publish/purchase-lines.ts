/** Files of purchases: one message a line, as a source would publish it. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { MessageFault } from '../../functions/src/domain/quarantine.ts';
import { folderInsteadOfFile, unreadable } from '../terminal/file-errors.ts';
import { linesOf } from '../terminal/lines.ts';
import { startProgress, type Progress } from '../terminal/progress.ts';

export interface PurchaseLine {
  /** From 1; blank lines count. */
  readonly number: number;
  /** As it is in the file: whether it is text at all is for its reader to check. */
  readonly data: Buffer;
}

/** The byte order mark of UTF-8, with which some programs begin a file. */
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const SPACE = 0x20;

/** In bytes: shorter files need no progress bar. */
const SMALL_FILE = 1_000_000;

/** A line that breaks the contract. Repeats nothing that the line says. */
export interface BadLine extends MessageFault {
  readonly number: number;
}

/** The lines that are not blank, one at a time: a file may be larger than memory. */
export async function* purchaseLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<PurchaseLine> {
  let number = 0;
  for await (const line of linesOf(input)) {
    number += 1;
    const data = number === 1 ? withoutMark(line) : line;
    if (data.some((byte) => byte > SPACE)) yield { number, data };
  }
}

function withoutMark(line: Buffer): Buffer {
  const isMarked = line.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  return isMarked ? line.subarray(BYTE_ORDER_MARK.length) : line;
}

/** All lines of a file. @throws Error that names the file when it cannot be read. */
export function readPurchases(file: string): Promise<PurchaseLine[]> {
  return Array.fromAsync(linesOfFile(file, () => undefined));
}

/**
 * The lines of a file, with a progress bar. The total of standard input is not known, so it has none.
 * @param file a path, or `-` for standard input.
 * @throws Error that names the file when it cannot be read.
 */
export async function withLinesOf<T>(
  file: string,
  use: (lines: AsyncIterable<PurchaseLine>, progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = startProgress(await kilobytesOf(file), 'kB');
  const onRead = (bytes: number): void => {
    progress.update(Math.ceil(bytes / 1000));
  };
  try {
    return await use(linesOfFile(file, onRead), progress);
  } finally {
    progress.stop();
  }
}

async function* linesOfFile(file: string, onRead: (bytes: number) => void): AsyncGenerator<PurchaseLine> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  try {
    for await (const line of purchaseLines(input)) {
      yield line;
      onRead(input.bytesRead);
    }
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Undefined for standard input, and for a file that is read in a moment. */
async function kilobytesOf(file: string): Promise<number | undefined> {
  if (file === '-') return undefined;
  const stats = await stat(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if (stats.isDirectory()) throw folderInsteadOfFile(file);
  return stats.size < SMALL_FILE ? undefined : Math.ceil(stats.size / 1000);
}
