import { Liquid, type Template } from 'liquidjs';

/**
 * Strict, so that an undeclared variable or filter is an error and never a gap in an email. Files, includes and layouts of
 * Liquid are off: what is rendered is complete.
 */
const strict = { strictVariables: true, strictFilters: true, ownPropertyOnly: true, templates: {} } as const;

/** Escapes every value it puts into HTML. */
export const htmlEngine = new Liquid({ ...strict, outputEscape: 'escape' });

/** For subjects and plain text, which contain no markup to break out of. */
export const textEngine = new Liquid(strict);

/** Parses a source at its first use and keeps it: rendering an email never parses one twice. */
export function parsedOnce(engine: Liquid, source: string): (scope: object) => string {
  let parsed: Template[] | undefined;
  return (scope) => {
    parsed ??= engine.parse(source);
    return String(engine.renderSync(parsed, scope));
  };
}
