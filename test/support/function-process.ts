import { FunctionProcess } from '../../local/production/function-process.ts';
import { functionNamed } from '../../functions/manifest.ts';
import { freePorts } from '../../local/stack/ports.ts';

/** Starts a function in its own process, as it is deployed. Its lines count towards the coverage of the test run. */
export async function startFunction(
  functionName: string,
  env: Readonly<Record<string, string>>,
): Promise<FunctionProcess> {
  const [port = 0] = await freePorts(1);
  const coverage = process.env['NODE_V8_COVERAGE'];
  const served = new FunctionProcess(functionNamed(functionName), {
    port,
    nodeOptions: [],
    env: {
      METADATA_SERVER_DETECTION: 'none',
      ...(coverage !== undefined && { NODE_V8_COVERAGE: coverage }),
      ...env,
    },
  });
  await served.start();
  return served;
}
