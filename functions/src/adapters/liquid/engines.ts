import { Liquid, type Template } from 'liquidjs';

/**
 * Strict, so that an undeclared variable or filter is an error and never a gap in an email. Liquid's includes and layouts are off,
 * because compiled templates are complete.
 */
const strict = { strictVariables: true, strictFilters: true, ownPropertyOnly: true, templates: {} } as const;

/** Escapes every value it puts into HTML. */
export const htmlEngine = new Liquid({ ...strict, outputEscape: 'escape' });

/** For subjects and plain text, which contain no markup to break out of. */
export const textEngine = new Liquid(strict);

/** Parses a source at its first use and keeps the result. */
export function parsedOnce(engine: Liquid, source: string): (scope: object) => string {
  let parsed: Template[] | undefined;
  return (scope) => {
    parsed ??= engine.parse(source);
    return String(engine.renderSync(parsed, scope));
  };
}
