import type { Environment } from '../cloud/environment.ts';

/** How long an instance gets after SIGTERM before it is killed, in ms, as on Cloud Run. */
const SHUTDOWN_GRACE = 10_000;

/** A process that serves requests. It can be started again after each end. */
export interface Instance {
  /** Resolves when it accepts requests. @throws Error when it does not start. */
  start(): Promise<void>;
  /** Resolves when it has ended by itself; pending otherwise. */
  unexpectedEnd(): Promise<Error>;
  /** Sends SIGTERM; resolves when it has ended. */
  terminate(): Promise<unknown>;
  /** Sends SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
}

export interface OnDemandOptions {
  /** How long an instance without requests is kept, in ms. */
  readonly idleTime: number;
  readonly environment: Environment;
  /** Called when the instance has ended by itself. */
  readonly onCrash: (error: Error) => void;
  /** Called when the instance has not started. */
  readonly onFailedStart: (error: Error) => void;
}

/**
 * Runs an instance only while it is needed, as Cloud Run does with `minInstances: 0`: the first request starts it, further
 * requests wait for the same start, and an instance without requests is stopped after a while. After a crash, the next
 * request starts it again.
 * https://docs.cloud.google.com/run/docs/container-contract#lifecycle-services
 */
export class OnDemand {
  readonly #instance: Instance;
  readonly #options: OnDemandOptions;
  /** Pending while the instance starts; undefined when it does not run. */
  #start: Promise<void> | undefined;
  /** Resolves when the instance before this one has ended. */
  #stop: Promise<void> = Promise.resolve();
  #inFlight = 0;
  #cancelStop = (): void => undefined;
  #isClosed = false;

  constructor(instance: Instance, options: OnDemandOptions) {
    this.#instance = instance;
    this.#options = options;
  }

  /**
   * Makes a request. The instance runs until it is over.
   * @throws Error when the instance does not start, and what `request` throws.
   */
  async serve<T>(request: () => Promise<T>): Promise<T> {
    this.#inFlight += 1;
    this.#cancelStop();
    try {
      await (this.#start ??= this.#startInstance());
      return await request();
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0 && !this.#isClosed) this.#stopWhenIdle();
    }
  }

  /** Kills the instance. Later requests are refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#start = undefined;
    this.#cancelStop();
    await this.#stop;
    await this.#instance.kill();
  }

  async #startInstance(): Promise<void> {
    await this.#stop;
    try {
      if (this.#isClosed) throw new Error('The host has been closed.');
      await this.#instance.start();
    } catch (error) {
      this.#start = undefined;
      if (!this.#isClosed) this.#options.onFailedStart(error as Error);
      throw error;
    }
    void this.#instance.unexpectedEnd().then((error) => {
      this.#start = undefined;
      this.#options.onCrash(error);
    });
  }

  #stopWhenIdle(): void {
    const { environment, idleTime } = this.#options;
    this.#cancelStop = environment.after(idleTime, () => {
      if (this.#start === undefined) return;
      this.#start = undefined;
      this.#stop = this.#terminate();
    });
  }

  async #terminate(): Promise<void> {
    const cancel = this.#options.environment.after(SHUTDOWN_GRACE, () => void this.#instance.kill());
    await this.#instance.terminate();
    cancel();
  }
}
