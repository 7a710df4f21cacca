import { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from 'chai';
import { readManifest } from '../../functions/manifest.ts';
import { firebaseTools } from '../../local/toolchain/environment.ts';
import { describeWithEmulators } from '../support/emulators.ts';

/** The part of firebase-tools that reads functions.yaml, for the emulator and for a deployment alike. */
interface FirebaseDiscovery {
  readonly detectFromYaml: (
    folder: string,
    project: string,
    runtime: string,
  ) => Promise<{ readonly endpoints: Readonly<Record<string, object>> }>;
}

const discovery = path.join(firebaseTools, 'lib/deploy/functions/runtimes/discovery/index.js');

describeWithEmulators('functions.yaml in the Firebase suite', () => {
  it('has the same endpoints for firebase-tools and for the project', async () => {
    const { detectFromYaml } = createRequire(import.meta.url)(discovery) as FirebaseDiscovery;
    const { endpoints } = await detectFromYaml('functions', 'demo', 'nodejs24');
    // firebase-tools adds the project, the runtime and the full name of a topic.
    const text = JSON.stringify(endpoints).replaceAll('projects/demo/topics/', '');
    const added = { project: 'demo', runtime: 'nodejs24' };
    const expected = readManifest().functions.map(({ name, ...endpoint }) => [
      name,
      { ...endpoint, ...added },
    ]);
    expect(expected).to.have.length.above(5);
    expect(JSON.parse(text)).to.deep.equal(Object.fromEntries(expected));
  });
});

describe('functions.yaml', () => {
  it('gives new objects more room than V8 does by default, and no more than the memory allows', () => {
    for (const { name, environmentVariables, availableMemoryMb } of readManifest().functions) {
      const [, megabytes] =
        /^--max-semi-space-size=(\d+)$/u.exec(environmentVariables['NODE_OPTIONS'] ?? '') ?? [];
      // With 512 MB, V8 uses two semi-spaces of 1 MB. Both together may take an eighth: the rest is for what lives on.
      expect(2 * Number(megabytes), name).to.be.within(4, availableMemoryMb / 8);
    }
  });
});
