import { decodeHTMLStrict } from 'entities';
import { carriesLink, oneLine, visibleLength } from './text.ts';

/** Which names of people, dishes and places an email may show. Vendors and customers wrote them. */
export interface NamePolicy {
  /** The name as an email shows it; null when the email must do without it. */
  readonly person: (name: string | undefined) => string | null;
  readonly dish: (name: string | undefined) => string | null;
  readonly place: (name: string | undefined) => string | null;
}

/** Words that sources send where there is no name: `templates/not-names.yaml`. */
export interface NotNames {
  readonly anywhere: readonly string[];
  readonly people: readonly string[];
  readonly dishes: readonly string[];
}

/** The longest names, in visible characters. A longer one is left out. */
const LONGEST = { person: 40, dish: 60, place: 60 } as const;

export function namePolicy({ anywhere, people, dishes }: NotNames): NamePolicy {
  const policy = (longest: number, notNames: readonly string[]) => {
    const excluded = new Set(notNames.map(wordsOf));
    return (name: string | undefined) => presentable(name, longest, excluded);
  };
  return {
    person: policy(LONGEST.person, [...anywhere, ...people]),
    dish: policy(LONGEST.dish, [...anywhere, ...dishes]),
    place: policy(LONGEST.place, anywhere),
  };
}

function presentable(
  name: string | undefined,
  longest: number,
  excluded: ReadonlySet<string>,
): string | null {
  // Some points of sale store what they show on a web page, where an apostrophe is &#39;.
  const line = oneLine(decodeHTMLStrict(name ?? '')).replaceAll(/[\u2068\u2069]/gu, '');
  const canBeShown = isReadable(line) && visibleLength(line) <= longest && !carriesLink(line);
  return canBeShown && !excluded.has(wordsOf(line)) ? isolated(line) : null;
}

/** Whether a person can see a name and say it: it has a visible letter, and none that was lost in a wrong decoding. */
function isReadable(name: string): boolean {
  const visible = name.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
  return /\p{L}/u.test(visible) && !name.includes('\uFFFD');
}

/** The words of a name without case, digits and punctuation: `Guest #12` and `guest` are the same. */
function wordsOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}]+/gu, ' ')
    .trim();
}

/** Letters that are written from right to left: Hebrew, Arabic and their neighbours in Unicode. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** Keeps a name that is written from right to left from reordering the text around it (UAX #9, first strong isolate). */
function isolated(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}
