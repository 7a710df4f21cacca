import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The part of a question that the stand-in reads. */
export interface Question {
  readonly stage: 'transactional' | 'registered';
  readonly locale: 'en' | 'es';
  readonly transaction?: {
    readonly location?: { readonly name?: string };
    readonly items: readonly { readonly category?: string }[];
  };
}

/** An answer, as the contract defines it. */
export interface Answer {
  readonly contentId: string;
  readonly template: string;
  readonly subject: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

type Wording = Pick<Answer, 'subject' | 'variables'>;
type Template = 'join' | 'first-steps';

interface Contents {
  readonly anywhere: Record<Question['locale'], string>;
  readonly themes: readonly ({
    readonly name: string;
    readonly categories: readonly string[];
  } & Record<Template, Record<Question['locale'], Wording>>)[];
}

/** With longer names, the text around them would exceed the limits of the templates. */
const LONGEST_PLACE = 30;

const contents = parse(readFileSync(new URL('contents.yaml', import.meta.url), 'utf8')) as Contents;

/** The content for a purchase, by the category of its items and its place. Undefined when none fits. */
export function contentFor({ stage, locale, transaction }: Question): Answer | undefined {
  const categories = (transaction?.items ?? []).map(({ category }) => category?.toLowerCase() ?? '');
  const theme = contents.themes.find((each) => categories.some((name) => each.categories.includes(name)));
  if (theme === undefined) return undefined;
  const template = stage === 'transactional' ? 'join' : 'first-steps';
  const place = transaction?.location?.name ?? '';
  const wording = namingPlace(theme[template][locale], isNameable(place) ? place : contents.anywhere[locale]);
  return { contentId: `${theme.name}-${template}-${locale}`, template, ...wording };
}

function isNameable(place: string): boolean {
  return place !== '' && place.length <= LONGEST_PLACE;
}

/** Replaces PLACE everywhere in the wording. */
function namingPlace(wording: Wording, place: string): Wording {
  const text = JSON.stringify(wording).replaceAll('PLACE', () => JSON.stringify(place).slice(1, -1));
  return JSON.parse(text) as Wording;
}
