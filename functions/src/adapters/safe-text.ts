import * as z from 'zod';
import { carriesLink, hidesSomething } from '../domain/text.ts';

/** One line of visible text that no mail client turns into a link. @param max the longest text, in characters. */
export function safeText(max: number): z.ZodType<string> {
  return z
    .string()
    .max(max)
    .refine((value) => value.trim() !== '', { error: 'must not be empty' })
    .refine((value) => !hidesSomething(value), {
      error: 'must be one line without control or direction characters',
    })
    .refine((value) => !carriesLink(value), { error: 'must not contain a link or an address' });
}
