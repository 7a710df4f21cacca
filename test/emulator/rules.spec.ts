import { expect } from 'chai';
import { describeWithEmulators, googleEmulators } from '../support/emulators.ts';

describeWithEmulators('the security rules', () => {
  for (const collection of [
    'customers',
    'transactions',
    'outreach',
    'emails',
    'quarantine',
    'anything/else/below',
  ]) {
    it(`let no client read or write ${collection}`, async function () {
      this.timeout(60_000);
      const { env } = await googleEmulators();
      const documents = `http://${env['FIRESTORE_EMULATOR_HOST'] ?? ''}/v1/projects/demo-rules/databases/(default)/documents`;
      // A user who is signed in to the project; the emulator accepts an unsigned token.
      const claims = Buffer.from(JSON.stringify({ sub: 'user', user_id: 'user' })).toString('base64url');
      const headers = {
        Authorization: `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`,
      };
      for (const init of [{ headers }, {}]) {
        const read = await fetch(`${documents}/${collection}/x`, init);
        expect(read.status).to.equal(403);
        const write = await fetch(`${documents}/${collection}`, {
          ...init,
          method: 'POST',
          body: '{"fields":{}}',
        });
        expect(write.status).to.equal(403);
      }
    });
  }

  it('let the owner write', async function () {
    const { env } = await googleEmulators();
    const url = `http://${env['FIRESTORE_EMULATOR_HOST'] ?? ''}/v1/projects/demo-rules/databases/(default)/documents/customers`;
    const written = await fetch(url, {
      method: 'POST',
      body: '{"fields":{}}',
      headers: { Authorization: 'Bearer owner' },
    });
    expect(written.status).to.equal(200);
  });
});
