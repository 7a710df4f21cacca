import { expect } from 'chai';
import { readManifest } from '../../functions/manifest.ts';

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
