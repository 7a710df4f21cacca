import type { Conversions } from './conversions.ts';
import { newcombeInterval, share, type Interval } from './intervals.ts';

/** In smaller groups one customer more or less would move the share by several points. */
const SMALLEST_GROUP = 30;

/** What the comparison of both groups says. */
export type Verdict = 'no-control-group' | 'nobody-mailed' | 'too-few' | 'undecided' | 'more' | 'fewer';

export interface Lift {
  readonly verdict: Verdict;
  /** By how much the share of the outreach group is larger; absent when a group is empty. */
  readonly difference?: { readonly estimate: number } & Interval;
}

/** Compares the group that outreach is tried with to the group that it is withheld from. */
export function liftOf({ outreach, control }: Conversions): Lift {
  if (control.total === 0) return { verdict: 'no-control-group' };
  if (outreach.total === 0) return { verdict: 'nobody-mailed' };
  const interval = newcombeInterval(outreach, control);
  const difference = { estimate: share(outreach) - share(control), ...interval };
  const smallest = Math.min(outreach.total, control.total);
  return { verdict: smallest < SMALLEST_GROUP ? 'too-few' : verdictOf(interval), difference };
}

function verdictOf({ lower, upper }: Interval): Verdict {
  if (lower > 0) return 'more';
  return upper < 0 ? 'fewer' : 'undecided';
}

/** The verdict for people. */
export function verdictInWords({ verdict, difference }: Lift): string {
  const { lower, upper } = difference ?? { lower: 0, upper: 0 };
  switch (verdict) {
    case 'no-control-group':
      return (
        'Nobody can say what the emails did: nobody of this period is in the control group. ' +
        'CONTROL_GROUP_SHARE sets how many are.'
      );
    case 'nobody-mailed':
      return 'Nobody can say what emails would do: everybody of this period is in the control group.';
    case 'too-few':
      return `Too few customers to tell: each group must have ${SMALLEST_GROUP} at the least.`;
    case 'undecided':
      return (
        'The numbers are too small to tell: the interval of the difference contains 0, so that it may well be ' +
        'chance. A longer period, or a larger control group, makes it narrower.'
      );
    case 'more':
      return `The emails win customers: of 100 buyers, ${between(lower, upper)} more sign up (95 % confidence).`;
    case 'fewer':
      return `The emails lose customers: of 100 buyers, ${between(-upper, -lower)} fewer sign up (95 % confidence).`;
  }
}

function between(least: number, most: number): string {
  return `${(100 * least).toFixed(1)} to ${(100 * most).toFixed(1)}`;
}
