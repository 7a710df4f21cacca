import type { Readable } from 'node:stream';
import type { MessageFault } from '../../functions/src/domain/quarantine.ts';
import type { Transaction } from '../../functions/src/domain/transaction.ts';
import { decodeTransaction } from '../../functions/src/messages/transaction.ts';
import { purchaseLines } from '../playback/purchase-lines.ts';
import { hourIn } from './hour.ts';
import type { Purchase } from './history.ts';

/** A line that does not keep to the contract. */
export interface BadLine extends MessageFault {
  /** From 1. */
  readonly number: number;
}

/** Reads a file of transactions, one a line, however long it is. @param onBadLine is told each that is none. */
export async function* purchasesInFile(
  input: Readable,
  onBadLine: (line: BadLine) => void,
): AsyncGenerator<Purchase> {
  const now = Date.now();
  for await (const { number, text } of purchaseLines(input)) {
    const decoded = decodeTransaction(Buffer.from(text), now);
    if ('fault' in decoded) onBadLine({ number, ...decoded.fault });
    else yield purchaseFrom(decoded.value);
  }
}

function purchaseFrom({ source, transactionId, buyer, occurredAt, location }: Transaction): Purchase {
  return {
    id: `${source}\n${transactionId}`,
    ...(buyer && { buyer: buyer.email }),
    occurredAt,
    hour: hourIn(location?.timeZone, occurredAt),
    ...(location && { place: location.name || location.id }),
  };
}
