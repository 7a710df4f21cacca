import { describeWithEmulators } from './emulators.ts';

interface Target {
  close(): Promise<void>;
}

/** Defines tests of a target that is started before them and closed after them. */
export function describeTarget<T extends Target>(
  title: string,
  start: () => Promise<T>,
  define: (target: () => T) => void,
): void {
  describe(title, () => defineWith(start, define));
}

/** The same for one of Google's emulators. The tests are skipped where it is not found. */
export function describeEmulator<T extends Target>(
  title: string,
  start: () => Promise<T>,
  define: (target: () => T) => void,
): void {
  describeWithEmulators(`${title}: Google's emulator`, () => defineWith(start, define));
}

function defineWith<T extends Target>(start: () => Promise<T>, define: (target: () => T) => void): void {
  let running: T | undefined;
  before(async function () {
    this.timeout(60_000);
    running = await start();
  });
  after(() => running?.close());
  define(() => {
    if (running === undefined) throw new Error('A test used its target before it was started.');
    return running;
  });
}
