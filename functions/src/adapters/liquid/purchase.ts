import type { LatestTransaction } from '../../domain/customer.ts';
import type { NamePolicy } from '../../domain/names.ts';

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

export const noPurchase: Purchase = { item: null, place: null, items: [] };

/** The purchase that an email may mention. A source wrote its names, so unsuitable ones are left out. */
export function purchaseOf(transaction: LatestTransaction | undefined, names: NamePolicy): Purchase {
  if (transaction === undefined) return noPurchase;
  const dishes = transaction.items.map((item) => names.dish(item.name));
  const items = [...new Set(dishes.filter((dish) => dish !== null))].slice(0, MAX_ITEMS);
  return {
    item: items[0] ?? null,
    place: names.place(transaction.location?.name),
    items,
  };
}
