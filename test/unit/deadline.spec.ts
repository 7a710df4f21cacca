import { createHook } from 'node:async_hooks';
import { setImmediate as afterEvents } from 'node:timers/promises';
import { expect } from 'chai';
import { RetryableError } from '../../functions/src/errors.ts';
import { beforeDeadline } from '../../functions/src/framework/deadline.ts';

/** In ms; no other timer is set to it. */
const LIMIT = 987_654;

/** The timers with that limit that are there once everything under way has been done. */
async function timersLeftBy(work: () => Promise<unknown>): Promise<number> {
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
  it('hands on what is done in time, and what failed', async () => {
    expect(await beforeDeadline(LIMIT, Promise.resolve('done'))).to.equal('done');
    const failed = await beforeDeadline(LIMIT, Promise.reject(new Error('broken'))).catch(String);
    expect(failed).to.equal('Error: broken');
  });

  it('says that there was no result when the time is over', async () => {
    const late = await beforeDeadline(1, new Promise(() => undefined)).catch((error: unknown) => error);
    expect(late)
      .to.be.an.instanceOf(RetryableError)
      .with.property('message', 'There was no result within 1 ms.');
  });

  it('leaves no timer behind, by which thousands of requests would be kept until their time is over', async () => {
    expect(await timersLeftBy(() => beforeDeadline(LIMIT, Promise.resolve()))).to.equal(0);
    const failing = async () =>
      beforeDeadline(LIMIT, Promise.reject(new Error('broken'))).catch(() => undefined);
    expect(await timersLeftBy(failing)).to.equal(0);
  });
});
