import { createHook } from 'node:async_hooks';
import { setImmediate as afterEvents } from 'node:timers/promises';
import { expect } from 'chai';
import { RetryableError } from '../../functions/src/errors.ts';
import { beforeDeadline } from '../../functions/src/framework/deadline.ts';

/** In ms; no other timer has this value. */
const LIMIT = 987_654;

/** The number of timers with that limit that remain when the work is done. */
async function timersAfter(work: () => Promise<unknown>): Promise<number> {
  const timers = new Set<number>();
  const hook = createHook({
    init(id, type, _trigger, resource) {
      if (type === 'Timeout' && (resource as { _idleTimeout?: number })._idleTimeout === LIMIT)
        timers.add(id);
    },
    destroy: (id) => timers.delete(id),
  }).enable();
  try {
    await work();
    expect(timers, 'the wait').to.have.length(1);
    await afterEvents();
    return timers.size;
  } finally {
    hook.disable();
  }
}

describe('a deadline', () => {
  it('passes on a result or an error in time', async () => {
    expect(await beforeDeadline(LIMIT, Promise.resolve('done'))).to.equal('done');
    const failed = await beforeDeadline(LIMIT, Promise.reject(new Error('broken'))).catch(String);
    expect(failed).to.equal('Error: broken');
  });

  it('fails with a retryable error when there is no result in time', async () => {
    const late = await beforeDeadline(1, new Promise(() => undefined)).catch((error: unknown) => error);
    expect(late)
      .to.be.an.instanceOf(RetryableError)
      .with.property('message', 'There was no result within 1 ms.');
  });

  it('leaves no timer behind, which would keep each request in memory until its deadline', async () => {
    expect(await timersAfter(() => beforeDeadline(LIMIT, Promise.resolve()))).to.equal(0);
    const failing = async () =>
      beforeDeadline(LIMIT, Promise.reject(new Error('broken'))).catch(() => undefined);
    expect(await timersAfter(failing)).to.equal(0);
  });
});
