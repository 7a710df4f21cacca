import { unitCosts, type UnitCost } from './unit-costs.ts';
import { freePerMonth, prices, sendgridPrice } from './prices.ts';

const DAYS = 30;
const HOURS = DAYS * 24;
/** An instance that sends looks at the settings at most once in each of these. One instance sends what most shops need. */
const HALF_MINUTES = HOURS * 120;

/** What a month is assumed to be like. Shares are 0 to 1. */
export interface Assumptions {
  readonly purchasesPerDay: number;
  /** Share of the purchases whose source knows an email address. */
  readonly withAddress: number;
  /** How often a customer comes by in a week. `burst` says how many purchases a visit is. */
  readonly visitsPerWeek: number;
  /** Share of the purchases that follow another one of the same customer within minutes. */
  readonly burst: number;
  /** How many batches SendGrid's webhook needs for one email: processed and delivered, opened, clicked. */
  readonly reportsPerEmail: number;
}

/** The burst of 29 % comes from a published year of vending-machine sales. The rest are guesses: replace them. */
export const usual: Omit<Assumptions, 'purchasesPerDay'> = {
  withAddress: 0.8,
  visitsPerWeek: 1,
  burst: 0.29,
  reportsPerEmail: 3,
};

export interface Bill {
  readonly emails: number;
  /** US dollars a month, by service. */
  readonly items: Readonly<Record<string, number>>;
  readonly total: number;
}

/**
 * The bill of a month.
 * @param cooldownDays the shortest time between two emails to one customer.
 */
export function monthlyBill(assumptions: Assumptions, cooldownDays: number): Bill {
  const used = usageOf(assumptions, cooldownDays);
  const emails = emailsOf(assumptions, cooldownDays);
  const purchases = assumptions.purchasesPerDay * DAYS;
  const items = {
    'Firestore reads': beyondFree(used.reads, freePerMonth.reads) * prices.read,
    'Firestore writes': beyondFree(used.writes, freePerMonth.writes) * prices.write,
    'Firestore deletes': beyondFree(used.deletes, freePerMonth.deletes) * prices.delete,
    'Firestore storage':
      beyondFree(purchases * 24 * prices.gibPerTransaction, freePerMonth.storedGib) * prices.storedGib,
    'Cloud Run requests': beyondFree(used.invocations, freePerMonth.invocations) * prices.invocation,
    'Cloud Run CPU':
      beyondFree(used.invocations * prices.secondsPerInvocation, freePerMonth.cpuSeconds) * prices.cpuSecond,
    'Cloud Run memory':
      beyondFree(used.invocations * prices.secondsPerInvocation * 0.5, freePerMonth.gibSeconds) *
      prices.gibSecond,
    'Pub/Sub':
      beyondFree((purchases * prices.bytesPerPurchase) / 2 ** 40, freePerMonth.pubsubTib) * prices.pubsubTib,
    SendGrid: emails * sendgridPrice(emails),
  };
  return { emails, items, total: Object.values(items).reduce((sum, item) => sum + item, 0) };
}

/**
 * Emails a month. A visit earns an email unless it falls within a cooldown. Of visits at random times, 1 / (1 + rate ×
 * cooldown) earn one; without a cooldown, every purchase does. The limit of emails per customer is left out, so this is
 * the cost of a steady stream of new customers.
 */
function emailsOf(assumptions: Assumptions, cooldownDays: number): number {
  const reachable = assumptions.purchasesPerDay * DAYS * assumptions.withAddress;
  if (cooldownDays === 0) return reachable;
  const visits = reachable * (1 - assumptions.burst);
  return visits / (1 + (assumptions.visitsPerWeek * cooldownDays) / 7);
}

function usageOf(assumptions: Assumptions, cooldownDays: number): UnitCost {
  const purchases = assumptions.purchasesPerDay * DAYS;
  const emails = emailsOf(assumptions, cooldownDays);
  const reachable = purchases * assumptions.withAddress;
  return summed([
    [unitCosts['purchase within the cooldown'], reachable - emails],
    [unitCosts['new purchase'], emails],
    [unitCosts['email sent'], emails],
    [unitCosts['look at the settings'], Math.min(emails, HALF_MINUTES)],
    [unitCosts['purchase without an address'], purchases - reachable],
    [unitCosts['webhook batch of 1,000 emails'], (emails * assumptions.reportsPerEmail) / 1000],
    [unitCosts['idle hour'], HOURS],
  ]);
}

function summed(parts: readonly (readonly [UnitCost, number])[]): UnitCost {
  const total = (kind: keyof UnitCost) => parts.reduce((sum, [cost, times]) => sum + cost[kind] * times, 0);
  return {
    invocations: total('invocations'),
    reads: total('reads'),
    writes: total('writes'),
    deletes: total('deletes'),
    rpcs: total('rpcs'),
    requests: total('requests'),
  };
}

function beyondFree(used: number, free: number): number {
  return Math.max(0, used - free);
}
