import { parseJson } from '../../functions/src/messages/json-message.ts';
import { decodeTransaction } from '../../functions/src/messages/transaction.ts';
import type { PurchaseLine } from '../../operations/publish/purchase-lines.ts';

/**
 * Moves the times of all purchases by the same span, so that the newest valid one happens now. A line without a time,
 * and a line that is not JSON, stays as it is.
 * @param now epoch milliseconds.
 */
export function shiftToNow(lines: readonly PurchaseLine[], now: number): PurchaseLine[] {
  // A purchase from the future is a fault of its line and not the newest one, unless all of them are from the future.
  const newest = newestValid(lines, now) ?? newestValid(lines, Infinity);
  if (newest === undefined) return [...lines];
  return lines.map((line) => ({ ...line, data: shifted(line.data, now - newest) }));
}

function newestValid(lines: readonly PurchaseLine[], now: number): number | undefined {
  let newest: number | undefined;
  for (const { data } of lines) {
    const decoded = decodeTransaction(data, now);
    if ('value' in decoded) newest = Math.max(newest ?? -Infinity, decoded.value.occurredAt);
  }
  return newest;
}

function shifted(data: Buffer, span: number): Buffer {
  const json = parseJson(data);
  const message = 'fault' in json ? undefined : json.value;
  if (typeof message !== 'object' || message === null || !('occurredAt' in message)) return data;
  const time = typeof message.occurredAt === 'string' ? shiftedTime(message.occurredAt, span) : undefined;
  return time === undefined ? data : Buffer.from(JSON.stringify({ ...message, occurredAt: time }));
}

/** Keeps the offset, which says where the purchase happened. */
function shiftedTime(time: string, span: number): string | undefined {
  const [, offset, sign, hours, minutes] = /(Z|([+-])(\d\d):(\d\d))$/u.exec(time) ?? [];
  const instant = Date.parse(time);
  if (offset === undefined || Number.isNaN(instant)) return undefined;
  const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000 * (sign === '-' ? -1 : 1);
  return new Date(instant + span + ahead).toISOString().replace('Z', offset);
}
