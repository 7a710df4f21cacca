import { setTimeout as delay } from 'node:timers/promises';
import { answers, LOOPBACK } from '../operations/target/local-stack.ts';
import { freePorts } from '../local/stack/ports.ts';
import { Service } from '../local/stack/service.ts';
import { post, type Call } from './http-load.ts';

const framework = 'node_modules/@google-cloud/functions-framework/build/src/main.js';

/** Between two attempts to connect to a new instance, in ms. */
const PROBE_INTERVAL = 1;

/** How long an instance may take until it listens, in ms. */
const PATIENCE = 30_000;

/** One function in a folder, as Cloud Run starts an instance of it. */
export interface Instance {
  /** Contains the entry file, package.json and node_modules. */
  readonly folder: string;
  /** Name of the function. */
  readonly target: string;
  readonly signature: 'cloudevent' | 'http';
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts an instance for one call, and stops it.
 * @returns the time from the start of its process to the end of its answer, in ms.
 * @throws Error with the last output of the process when it does not answer 2xx.
 */
export async function timeToFirstAnswer(instance: Instance, call: Call): Promise<number> {
  const [port = 0] = await freePorts(1);
  const start = performance.now();
  const service = spawn(instance, port);
  try {
    // `Service.ready` checks every 20 ms, which is too coarse here.
    while (!(await answers(port))) {
      if (performance.now() > start + PATIENCE) throw new Error(`It does not listen after ${PATIENCE} ms.`);
      await delay(PROBE_INTERVAL);
    }
    await post(`http://${LOOPBACK}:${port}`, call);
    return performance.now() - start;
  } catch (cause) {
    throw new Error(`${instance.target} did not answer its first call. ${service.lastOutput()}`, { cause });
  } finally {
    await service.stop();
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
