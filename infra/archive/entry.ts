/** The entry of the archive, which the framework loads. */
import { enableCompileCache } from 'node:module';
import path from 'node:path';
import { growTheHeapGenerously } from './heap.ts';

export * from '../../functions/src/index.ts';

growTheHeapGenerously();

// What is loaded from now on, with the first event, has been compiled before: see warm-up.ts. Node keeps apart what
// another version, flag, processor or user has compiled, and compiles by itself what it does not find.
enableCompileCache(path.join(import.meta.dirname, 'compile-cache'));
