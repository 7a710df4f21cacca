/** The entry file of the archive, which functions-framework loads. */
import { enableCompileCache } from 'node:module';
import path from 'node:path';

export * from '../../functions/src/index.ts';

// Modules loaded from here on, with the first event, are already compiled: see warm-up.ts. Node keeps one cache per
// version, set of flags, processor and user, and compiles what the cache lacks.
enableCompileCache(path.join(import.meta.dirname, 'compile-cache'));
