import type { Conversions } from './conversions.ts';
import { newcombeInterval, share, type Interval } from './intervals.ts';

/** In smaller groups, a single customer would move the share by several points. */
const SMALLEST_GROUP = 30;

/** The result of comparing both groups. */
export type Verdict = 'no-control-group' | 'no-outreach-group' | 'too-few' | 'undecided' | 'more' | 'fewer';

export interface Lift {
  readonly verdict: Verdict;
  /** The share of the outreach group minus that of the control group; absent when a group is empty. */
  readonly difference?: { readonly estimate: number } & Interval;
}

/** Compares the outreach group with the control group. */
export function liftOf({ outreach, control }: Conversions): Lift {
  if (control.total === 0) return { verdict: 'no-control-group' };
  if (outreach.total === 0) return { verdict: 'no-outreach-group' };
  const interval = newcombeInterval(outreach, control);
  const difference = { estimate: share(outreach) - share(control), ...interval };
  const smallest = Math.min(outreach.total, control.total);
  return { verdict: smallest < SMALLEST_GROUP ? 'too-few' : verdictOf(interval), difference };
}

function verdictOf({ lower, upper }: Interval): Verdict {
  if (lower > 0) return 'more';
  return upper < 0 ? 'fewer' : 'undecided';
}

/** The verdict as a sentence. */
export function verdictText({ verdict, difference }: Lift): string {
  const { lower, upper } = difference ?? { lower: 0, upper: 0 };
  switch (verdict) {
    case 'no-control-group':
      return (
        'The effect of the emails is unknown: no customer of this period is in the control group. ' +
        'CONTROL_GROUP_SHARE sets how many are.'
      );
    case 'no-outreach-group':
      return 'The effect of emails is unknown: every customer of this period is in the control group.';
    case 'too-few':
      return `Too few customers to tell: each group needs at least ${SMALLEST_GROUP}.`;
    case 'undecided':
      return (
        'The numbers are too small to tell: the interval of the difference contains 0, so the difference may be ' +
        'chance. A longer period, or a larger control group, makes the interval narrower.'
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
