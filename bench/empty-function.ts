import { functionNamed } from '../functions/manifest.ts';
import { FunctionProcess } from '../local/production/function-process.ts';
import { freePorts } from '../local/stack/ports.ts';
import { Caller } from './caller.ts';
import { writeReferences } from './reference-functions.ts';
import { nodeOptions } from './testbed.ts';

/** A function that does nothing, and who calls it. */
export interface EmptyFunction {
  readonly caller: Caller;
  stop(): Promise<void>;
}

/** Starts one with all that `recordTransaction` has, but for what it does. */
export async function startEmptyFunction(): Promise<EmptyFunction> {
  const references = await writeReferences();
  const [port = 0] = await freePorts(1);
  const process = new FunctionProcess(
    { ...functionNamed('recordTransaction'), name: 'bareEvent', entryPoint: 'bareEvent' },
    { port, archive: references.folder, env: {}, nodeOptions },
  );
  const caller = new Caller(process.url);
  const stop = async (): Promise<void> => {
    caller.close();
    await process.kill();
    await references.remove();
  };
  try {
    await process.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { caller, stop };
}
