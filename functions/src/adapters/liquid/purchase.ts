import type { LatestTransaction } from '../../domain/customer.ts';
import { presentable } from '../../domain/text.ts';

/** A purchase as an email may mention it. Null for a part that cannot be shown. */
export interface Purchase {
  /** The first product. */
  readonly item: string | null;
  /** Where it was bought. */
  readonly place: string | null;
  /** The products, at most MAX_ITEMS of them. */
  readonly items: readonly string[];
}

const MAX_ITEMS = 3;
const MAX_ITEM_LENGTH = 60;
const MAX_PLACE_LENGTH = 60;

export const noPurchase: Purchase = { item: null, place: null, items: [] };

/** The purchase that an email may mention. A source wrote its names, so unsuitable ones are left out. */
export function purchaseOf(transaction: LatestTransaction | undefined): Purchase {
  if (transaction === undefined) return noPurchase;
  const names = transaction.items.map((item) => presentable(item.name, MAX_ITEM_LENGTH));
  const items = [...new Set(names.filter((name) => name !== null))].slice(0, MAX_ITEMS);
  return {
    item: items[0] ?? null,
    place: presentable(transaction.location?.name, MAX_PLACE_LENGTH),
    items,
  };
}
