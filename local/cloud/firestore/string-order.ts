/**
 * Compares two strings by their bytes in UTF-8, without encoding them. UTF-16, which JavaScript compares by, differs
 * for surrogates alone: they stand for the characters that take four bytes in UTF-8, and come last there.
 * @param lowest a UTF-16 code unit that comes before all others.
 */
export function compareUtf8(a: string, b: string, lowest?: number): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [one, other] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (one !== other) return rank(one, lowest) - rank(other, lowest);
  }
  return a.length - b.length;
}

function rank(unit: number, lowest: number | undefined): number {
  if (unit === lowest) return -1;
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Segment by segment: `/` comes before every other character, because it is part of no segment. */
export function comparePaths(a: string, b: string): number {
  return compareUtf8(a, b, '/'.charCodeAt(0));
}
