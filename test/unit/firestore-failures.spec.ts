import { expect } from 'chai';
import { tryFirestore } from '../../functions/src/adapters/firestore/client.ts';
import { PermanentError, RetryableError } from '../../functions/src/errors.ts';

/** What becomes of an error of Firestore's client with this code and message. */
function outcomeOf(code: number, message: string): Promise<unknown> {
  const error = Object.assign(new Error(message), { code });
  return tryFirestore('It failed.', () => Promise.reject(error)).catch((outcome: unknown) => outcome);
}

describe('a failure of Firestore', () => {
  it('is for good when Firestore refuses the data', async () => {
    expect(await outcomeOf(3, '3 INVALID_ARGUMENT: the document is too large')).to.be.instanceOf(
      PermanentError,
    );
  });

  it('is for now when a transaction has expired, although the code is the same', async () => {
    const message = '3 INVALID_ARGUMENT: The referenced transaction has expired or is no longer valid.';
    expect(await outcomeOf(3, message)).to.be.instanceOf(RetryableError);
  });

  for (const code of [2, 4, 8, 10, 13, 14]) {
    it(`is for now with the code ${code}`, async () => {
      expect(await outcomeOf(code, 'failed')).to.be.instanceOf(RetryableError);
    });
  }
});
