/** CPU and memory of a function's process. */
import { kill } from 'node:process';
import * as z from 'zod';
import type { FunctionProcess } from '../local/production/function-process.ts';

const usage = z.object({
  event: z.literal('usage'),
  /** In ms, of all threads, since the start. */
  cpu: z.number(),
  /** Of the whole process, in bytes. */
  rss: z.number(),
  peakRss: z.number(),
  /** Objects, and what they hold outside the heap, in bytes. */
  heap: z.number(),
});

export type Usage = z.infer<typeof usage>;

/** The options of Node with which a process can be asked. */
export const probeOptions: readonly string[] = ['--import', new URL('./probe.mjs', import.meta.url).href];

/** Makes the function that asks a process, which was started with `probeOptions`. One question at a time. */
export function usageReader({ logs, pid }: FunctionProcess): () => Promise<Usage> {
  let answer = Promise.withResolvers<Usage>();
  logs.onLine((line) => {
    const { success, data } = usage.safeParse(line);
    if (success) answer.resolve(data);
  });
  return async () => {
    if (pid === undefined) throw new Error('The process of the function has not started.');
    answer = Promise.withResolvers();
    kill(pid, 'SIGUSR2');
    return answer.promise;
  };
}
