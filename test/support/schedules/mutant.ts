/** Faults to plant in the rules, one at a time. Random schedules must find every one of them. */
export interface Mutant {
  /** What the system does wrong. */
  readonly name: string;
  /** Below functions/src. */
  readonly file: string;
  /** Text that the file contains exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** The mutants of one file: what each does wrong, the text that it finds, and the text in its place. */
export function mutantsOf(
  file: string,
  ...all: readonly (readonly [string, string, string])[]
): readonly Mutant[] {
  return all.map(([name, find, replace]) => ({ name, file, find, replace }));
}

/** @throws Error when the text to find is not in the source exactly once. */
export function mutate({ name, file, find, replace }: Mutant, source: string): string {
  const [before, after, ...more] = source.split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`The mutant “${name}” must find its text exactly once in ${file}: ${find}`);
  }
  return `${before}${replace}${after}`;
}
