import { expect } from 'chai';
import { findChromium } from './chromium.ts';

describe('finding a Chromium', () => {
  it('takes the named one', async () => {
    const { executablePath } = await findChromium({ CHROMIUM_PATH: process.execPath });
    expect(executablePath).to.equal(process.execPath);
  });

  it('reports that the named one is not a program', async () => {
    const found = await findChromium({ CHROMIUM_PATH: '/nowhere/chromium' }).catch((error: unknown) => error);
    expect(found)
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.includes('CHROMIUM_PATH is /nowhere/chromium');
  });
});
