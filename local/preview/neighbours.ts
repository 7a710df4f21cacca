import { markup, type Markup } from './page.ts';

interface Entry {
  readonly id: string;
}

/** Links to the entries before and after this one. @param folder where they are served. */
export function neighbours(shown: Entry, all: readonly Entry[], folder: string): readonly Markup[] {
  const position = all.findIndex(({ id }) => id === shown.id);
  const before = position > 0 ? all[position - 1] : undefined;
  const after = all[position + 1];
  return [
    before === undefined ? markup`` : markup`<a href="${folder}/${before.id}" rel="prev">Previous</a>`,
    after === undefined ? markup`` : markup`<a href="${folder}/${after.id}" rel="next">Next</a>`,
  ];
}
