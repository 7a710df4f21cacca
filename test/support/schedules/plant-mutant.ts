/** Loaded before everything else in a process that plays a mutant (`node --import`): replaces the text of one source file. */
import { registerHooks } from 'node:module';
import { mutate } from './mutant.ts';
import { mutants } from './mutants.ts';

const planted = mutants.find(({ name }) => name === process.env['MUTANT']);
if (planted === undefined) throw new Error('The variable MUTANT must name a mutant.');

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/functions/src/${planted.file}`)) return loaded;
    const { source } = loaded;
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
    return { ...loaded, source: mutate(planted, text) };
  },
});
