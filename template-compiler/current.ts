import {
  loadCompiledTemplates,
  type CompiledTemplates,
} from '../functions/src/adapters/liquid/compiled-templates.ts';
import { sourceHash, templatesFolder } from './source-hash.mjs';

/**
 * The committed compiled templates.
 * @param folder of their sources.
 * @throws Error when a source has changed since they were compiled.
 */
export function currentTemplates(folder = templatesFolder): CompiledTemplates {
  const compiled = loadCompiledTemplates();
  if (compiled.sourceHash === sourceHash(folder)) return compiled;
  throw new Error(
    'The templates have changed since functions/generated/templates.json was compiled: run "npm run templates".',
  );
}
