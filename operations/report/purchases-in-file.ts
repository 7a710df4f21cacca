import type { Transaction } from '../../functions/src/domain/transaction.ts';
import { decodeTransaction } from '../../functions/src/messages/transaction.ts';
import type { BadLine, PurchaseLine } from '../publish/purchase-lines.ts';
import type { Purchase } from './history.ts';
import { hourIn } from './hour.ts';
import { placeLabel } from './place.ts';

/** The purchases in the lines of a file. @param onBadLine called for each line that breaks the contract. */
export async function* purchasesInFile(
  lines: AsyncIterable<PurchaseLine>,
  onBadLine: (line: BadLine) => void,
): AsyncGenerator<Purchase> {
  const now = Date.now();
  for await (const { number, data } of lines) {
    const decoded = decodeTransaction(data, now);
    if ('fault' in decoded) onBadLine({ number, ...decoded.fault });
    else if (decoded.value.reversal === undefined) yield purchaseFrom(decoded.value);
  }
}

function purchaseFrom({ source, transactionId, buyer, occurredAt, location }: Transaction): Purchase {
  return {
    id: `${source}\n${transactionId}`,
    ...(buyer && { buyer: buyer.email }),
    occurredAt,
    hour: hourIn(location?.timeZone, occurredAt),
    ...(location && { place: placeLabel(location) }),
  };
}
