import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { answers, freePorts, LOOPBACK } from '../local/stack/ports.ts';
import { Service } from '../local/stack/service.ts';
import { Caller, type Call } from './caller.ts';

const framework = path.join('node_modules', '@google-cloud/functions-framework', 'build', 'src', 'main.js');

/** How often a new instance is asked whether it listens, in ms. */
const PROBE_INTERVAL = 1;

/** How long an instance may take to listen, in ms. */
const PATIENCE = 30_000;

/** One function in a folder, as an instance of Cloud Run starts it. */
export interface Instance {
  /** With the entry file, package.json and node_modules. */
  readonly folder: string;
  /** Name of the function. */
  readonly target: string;
  readonly signature: 'cloudevent' | 'http';
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts an instance that is there for one call.
 * @returns from the start of its process to the end of its answer, in ms.
 * @throws Error with the last words of the process when it does not answer 2xx.
 */
export async function timeToFirstAnswer(instance: Instance, call: Call): Promise<number> {
  const [port = 0] = await freePorts(1);
  const caller = new Caller(`http://${LOOPBACK}:${port}`);
  const start = performance.now();
  const service = spawn(instance, port);
  try {
    await listening(port, start + PATIENCE);
    await caller.post(call);
    return performance.now() - start;
  } catch (cause) {
    throw new Error(`${instance.target} did not do its first work. ${service.lastWords()}`, { cause });
  } finally {
    caller.close();
    await service.stop();
  }
}

/** A service of its own asks ten times a second, which is too rough here. */
async function listening(port: number, deadline: number): Promise<void> {
  while (!(await answers(port))) {
    if (performance.now() > deadline) throw new Error(`Nobody listens after ${PATIENCE} ms.`);
    await delay(PROBE_INTERVAL);
  }
}

function spawn({ folder, target, signature, env }: Instance, port: number): Service {
  return new Service({
    name: `The function ${target}`,
    command: process.execPath,
    args: [framework],
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      FUNCTION_TARGET: target,
      FUNCTION_SIGNATURE_TYPE: signature,
      PORT: `${port}`,
      ...env,
    },
  });
}
