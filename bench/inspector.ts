import { once } from 'node:events';
import type { Profiler } from 'node:inspector';
import { z } from 'zod';
import type { FunctionProcess } from '../local/production/function-process.ts';

/** Between two samples of a profile, in microseconds. */
const SAMPLING = 500;

const targets = z.tuple([z.object({ webSocketDebuggerUrl: z.string() })]);
const answer = z.object({
  id: z.number(),
  result: z.unknown(),
  error: z.object({ message: z.string() }).optional(),
});

/** What a process has used since it started. */
const usage = z.object({ cpu: z.number(), rss: z.number(), peakRss: z.number(), heap: z.number() });

/** CPU in ms, of all threads; memory in bytes. */
export type Usage = z.infer<typeof usage>;

const USAGE = `(() => {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const peakRss = process.resourceUsage().maxRSS * 1024;
  return { cpu: (user + system) / 1000, rss, peakRss, heap: heapUsed + external };
})()`;

/** Looks into the process of a function by Node's inspector (https://chromedevtools.github.io/devtools-protocol/v8/). */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.#hear(String(data));
    });
  }

  /** @throws Error when the process was not started to be looked into. */
  static async attach({ definition, inspector }: FunctionProcess): Promise<Inspector> {
    if (inspector === undefined) throw new Error(`${definition.name} was started without an inspector.`);
    const response = await fetch(`http://${inspector}/json/list`);
    const [target] = targets.parse(await response.json());
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await once(socket, 'open');
    return new Inspector(socket);
  }

  async usage(): Promise<Usage> {
    const answered = await this.#call('Runtime.evaluate', { expression: USAGE, returnByValue: true });
    return z.object({ result: z.object({ value: usage }) }).parse(answered).result.value;
  }

  /** What is left when everything that nobody uses has been thrown away. */
  async usageWithoutGarbage(): Promise<Usage> {
    await this.#call('HeapProfiler.collectGarbage');
    return this.usage();
  }

  async startProfile(): Promise<void> {
    await this.#call('Profiler.enable');
    await this.#call('Profiler.setSamplingInterval', { interval: SAMPLING });
    await this.#call('Profiler.start');
  }

  /** What `node --cpu-prof` would have written of the time since the start. */
  async stopProfile(): Promise<Profiler.Profile> {
    const { profile } = (await this.#call('Profiler.stop')) as Profiler.StopReturnType;
    return profile;
  }

  close(): void {
    this.#socket.close();
  }

  #call(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    this.#calls += 1;
    const answered = Promise.withResolvers<unknown>();
    this.#answers.set(this.#calls, answered);
    this.#socket.send(JSON.stringify({ id: this.#calls, method, params }));
    return answered.promise;
  }

  #hear(message: string): void {
    const heard = answer.safeParse(JSON.parse(message));
    if (!heard.success) return;
    const { id, result, error } = heard.data;
    if (error === undefined) this.#answers.get(id)?.resolve(result);
    else this.#answers.get(id)?.reject(new Error(`The inspector refused: ${error.message}`));
    this.#answers.delete(id);
  }
}
