/** Files of purchases: one message a line, as a source would publish it. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { decodeTransaction } from '../../functions/src/messages/transaction.ts';

export interface PurchaseLine {
  /** From 1, blank lines counted. */
  readonly number: number;
  readonly text: string;
}

/** The lines that are not blank, one at a time: a file may be larger than memory. */
export async function* purchaseLines(input: Readable): AsyncGenerator<PurchaseLine> {
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    if (text.trim() !== '') yield { number, text };
  }
}

/** All of a file at once. @throws Error naming the file when it cannot be read. */
export async function readPurchases(file: string): Promise<PurchaseLine[]> {
  const lines: PurchaseLine[] = [];
  try {
    for await (const line of purchaseLines(openPurchases(file))) lines.push(line);
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return lines;
}

/** A stream that knows how far it has been read. */
type Input = Readable & { readonly bytesRead: number };

/** A stream of the named file, or of standard input for `-`. */
export function openPurchases(file: string): Input {
  return file === '-' ? process.stdin : createReadStream(file);
}

/**
 * Moves the times of all purchases by the same span, so that the newest valid one happened now. A line without a
 * time, or that is no JSON at all, stays as it is.
 * @param now epoch milliseconds.
 */
export function shiftToNow(lines: readonly PurchaseLine[], now: number): PurchaseLine[] {
  // A purchase from the future is a fault of its line, not the newest one, unless all of them are.
  const newest = newestValid(lines, now) ?? newestValid(lines, Infinity);
  if (newest === undefined) return [...lines];
  return lines.map((line) => ({ ...line, text: shifted(line.text, now - newest) }));
}

function newestValid(lines: readonly PurchaseLine[], now: number): number | undefined {
  let newest: number | undefined;
  for (const { text } of lines) {
    const decoded = decodeTransaction(Buffer.from(text), now);
    if ('value' in decoded) newest = Math.max(newest ?? -Infinity, decoded.value.occurredAt);
  }
  return newest;
}

function shifted(text: string, span: number): string {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof message !== 'object' || message === null || !('occurredAt' in message)) return text;
  const time = typeof message.occurredAt === 'string' ? shiftedTime(message.occurredAt, span) : undefined;
  return time === undefined ? text : JSON.stringify({ ...message, occurredAt: time });
}

/** The offset stays what it was: it says where the purchase happened. */
function shiftedTime(time: string, span: number): string | undefined {
  const [, offset, sign, hours, minutes] = /(Z|([+-])(\d\d):(\d\d))$/u.exec(time) ?? [];
  const instant = Date.parse(time);
  if (offset === undefined || Number.isNaN(instant)) return undefined;
  const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000 * (sign === '-' ? -1 : 1);
  return new Date(instant + span + ahead).toISOString().replace('Z', offset);
}
