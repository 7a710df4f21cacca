import { linearRegression, max, median, min, quantile } from 'simple-statistics';

/** Measurements of one thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const all = [...values];
  return { median: median(all), min: min(all), max: max(all) };
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export function percentilesOf(values: readonly number[]): Percentiles {
  const [p50 = NaN, p95 = NaN, p99 = NaN] = quantile([...values], [0.5, 0.95, 0.99]);
  return { p50, p95, p99 };
}

/** The slope of the line through the points, by least squares. */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  return linearRegression(points.map(({ x, y }) => [x, y])).m;
}
