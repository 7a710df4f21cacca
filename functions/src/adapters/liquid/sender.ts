import type { Sender } from '../../ports.ts';
import { oneLine } from '../../domain/text.ts';

/** The sender as templates show it: the name, and the postal address line by line. */
export function senderInLines({ name, postalAddress }: Sender) {
  const lines = postalAddress.split(/\r\n|\r|\n/u).map(oneLine);
  return { name: oneLine(name), addressLines: lines.filter((line) => line !== '') };
}
