/** How many typing mistakes a near miss may have: letters that are missing, added, wrong, or swapped with the next one. */
const MOST_MISTAKES = 2;

/** The name that a mistyped or shortened word most probably means; undefined when none is near. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const extended = names.find((name) => name.startsWith(word) && word.length >= 3);
  const byMistakes = names
    .map((name) => ({ name, mistakes: mistakesBetween(word, name) }))
    .filter(
      ({ name, mistakes }) => mistakes <= MOST_MISTAKES && mistakes < name.replace(/^-+/u, '').length / 2,
    )
    .toSorted((one, other) => one.mistakes - other.mistakes);
  return extended ?? byMistakes[0]?.name;
}

/** The Damerau-Levenshtein distance, in the form that changes no letter twice (optimal string alignment). */
function mistakesBetween(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= one.length; row += 1) {
    const costs = [row];
    rows.push(costs);
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      costs[column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + same,
        swapped ? at(row - 2, column - 2) + 1 : Infinity,
      );
    }
  }
  return at(one.length, other.length);
}
