/** Confidence intervals of counted shares. */

/** `count` of `total`. */
export interface Proportion {
  readonly count: number;
  readonly total: number;
}

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** 95 % of a normal distribution lie within this many standard deviations of the mean. */
const Z = 1.959963984540054;

export function share({ count, total }: Proportion): number {
  return count / total;
}

/**
 * Wilson's score interval of 95 % for the share behind a counted one. It also holds for small numbers and for shares near
 * 0 and 1.
 * @param proportion of a total of at least 1.
 */
export function wilsonInterval({ count, total }: Proportion): Interval {
  const centre = 2 * count + Z ** 2;
  const reach = Z * Math.sqrt(Z ** 2 + (4 * count * (total - count)) / total);
  const scale = 2 * (total + Z ** 2);
  // Floating-point error would put a share of exactly 0 or 1 slightly outside its own interval.
  return {
    lower: count === 0 ? 0 : (centre - reach) / scale,
    upper: count === total ? 1 : (centre + reach) / scale,
  };
}

/**
 * Newcombe's hybrid score interval of 95 % for the difference `one - other` of two independent shares.
 * R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven
 * methods. Statistics in Medicine 17 (1998), 873–890, method 10.
 * @param one of a total of at least 1.
 * @param other of a total of at least 1.
 */
export function newcombeInterval(one: Proportion, other: Proportion): Interval {
  const [first, second] = [wilsonInterval(one), wilsonInterval(other)];
  const difference = share(one) - share(other);
  return {
    lower: difference - Math.hypot(share(one) - first.lower, second.upper - share(other)),
    upper: difference + Math.hypot(first.upper - share(one), share(other) - second.lower),
  };
}
