import { z } from 'zod';

/** SendGrid's message for a missing field. Other faults of the field keep their own messages. */
export function missing(message: string) {
  return (issue: z.core.$ZodRawIssue) => (issue.input === undefined ? message : undefined);
}

/** SendGrid's message for a value of the wrong type. */
export function wrongType(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  return `Invalid type. Expected: ${issue.expected}, given: ${typeName(issue.input)}.`;
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** A part of the API that the stand-in does not model. It refuses the field, because it could not show its effect. */
export const notModelled = z.undefined({ error: 'The local stand-in does not know this field.' }).optional();
