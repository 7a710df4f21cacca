import { z } from 'zod';

/** SendGrid's sentence for a field that is not there; any other fault of the field keeps its own. */
export function missing(message: string) {
  return (issue: z.core.$ZodRawIssue) => (issue.input === undefined ? message : undefined);
}

/** SendGrid's sentence for a value of the wrong type. */
export function wrongType(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  return `Invalid type. Expected: ${issue.expected}, given: ${typeName(issue.input)}.`;
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** A part of the API that the stand-in does not know, so that it refuses what it could not show truthfully. */
export const notModelled = z.undefined({ error: 'The local stand-in does not know this field.' }).optional();
