import { oneLine } from '../../functions/src/domain/text.ts';

/** A place as a source reports it. */
interface ReportedPlace {
  readonly id: string;
  readonly name?: string;
}

/** Something that a reader can see. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Letters and symbols by Unicode's categories that are blank all the same: fillers of Hangul, and the empty Braille pattern. */
const BLANK = /[\u115F\u1160\u2800\u3164\uFFA0]/gu;

/**
 * What a place is called: its name, or its ID when the name is absent, shows nothing, or was damaged in a wrong decoding. Control characters and characters that
 * change the reading direction are left out, because they would rearrange the labels around them.
 */
export function placeLabel({ id, name = '' }: ReportedPlace): string {
  return visible(name) ?? visible(id) ?? 'a place without a name';
}

function visible(text: string): string | undefined {
  const line = oneLine(text);
  const isDamaged = line.includes('\uFFFD');
  return VISIBLE.test(line.replaceAll(BLANK, '')) && !isDamaged ? line : undefined;
}
