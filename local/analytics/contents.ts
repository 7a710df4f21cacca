import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A question of the contract, as far as the stand-in looks at it. */
export interface Question {
  readonly stage: 'transactional' | 'registered';
  readonly locale: 'en' | 'es';
  readonly transaction?: {
    readonly location?: { readonly name?: string };
    readonly items: readonly { readonly category?: string }[];
  };
}

/** An answer of the contract. */
export interface Answer {
  readonly contentId: string;
  readonly template: string;
  readonly subject: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

type Words = Pick<Answer, 'subject' | 'variables'>;
type Template = 'join' | 'first-steps';

interface Contents {
  readonly anywhere: Record<Question['locale'], string>;
  readonly themes: readonly ({
    readonly name: string;
    readonly categories: readonly string[];
  } & Record<Template, Record<Question['locale'], Words>>)[];
}

/** Longer names would push the texts around them over the limits of the templates. */
const LONGEST_PLACE = 30;

const contents = parse(readFileSync(new URL('contents.yaml', import.meta.url), 'utf8')) as Contents;

/** What fits a purchase, by the category of its products and by its place. Undefined when nothing does. */
export function contentFor({ stage, locale, transaction }: Question): Answer | undefined {
  const categories = (transaction?.items ?? []).map(({ category }) => category?.toLowerCase() ?? '');
  const theme = contents.themes.find((each) => categories.some((name) => each.categories.includes(name)));
  if (theme === undefined) return undefined;
  const template = stage === 'transactional' ? 'join' : 'first-steps';
  const place = transaction?.location?.name ?? '';
  const words = namingPlace(theme[template][locale], isNameable(place) ? place : contents.anywhere[locale]);
  return { contentId: `${theme.name}-${template}-${locale}`, template, ...words };
}

function isNameable(place: string): boolean {
  return place !== '' && place.length <= LONGEST_PLACE;
}

/** The words with PLACE filled in, wherever in them it stands. */
function namingPlace(words: Words, place: string): Words {
  const text = JSON.stringify(words).replaceAll('PLACE', () => JSON.stringify(place).slice(1, -1));
  return JSON.parse(text) as Words;
}
