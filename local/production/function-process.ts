import path from 'node:path';
import type { DeployedFunction } from '../../functions/manifest.ts';
import { answers, LOOPBACK } from '../../operations/target/local-stack.ts';
import { Service } from '../stack/service.ts';
import { repository } from '../toolchain/environment.ts';
import { LogBook } from './log-book.ts';

const framework = path.normalize('node_modules/@google-cloud/functions-framework/build/src/main.js');

export interface FunctionProcessOptions {
  readonly port: number;
  /** Where Node's inspector listens; no inspector without it. */
  readonly inspectorPort?: number;
  /** The deployed files (archive.ts) to serve; the sources without it. */
  readonly archive?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Options of Node itself, such as `--import`. */
  readonly nodeOptions: readonly string[];
  /** Called for every line that it prints. */
  readonly onLine?: (line: string) => void;
}

/** One function in functions-framework, as an instance of Cloud Run serves it. The process can be killed and started again. */
export class FunctionProcess {
  readonly definition: DeployedFunction;
  readonly url: string;
  readonly logs = new LogBook();
  readonly #options: FunctionProcessOptions;
  #service: Service | undefined;

  constructor(definition: DeployedFunction, options: FunctionProcessOptions) {
    this.definition = definition;
    this.url = `http://${LOOPBACK}:${options.port}`;
    this.#options = options;
  }

  /** Resolves when it accepts requests. @param env adds to its environment, or replaces parts of it. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { port, nodeOptions, inspectorPort, archive = repository } = this.#options;
    const inspector = inspectorPort === undefined ? [] : [`--inspect=${LOOPBACK}:${inspectorPort}`];
    this.#service = new Service({
      name: `The function ${this.definition.name}`,
      command: process.execPath,
      args: [...nodeOptions, ...inspector, framework],
      cwd: archive,
      env: { ...this.#inherited(), ...this.#frameworkEnvironment(), ...this.#options.env, ...env },
      onLine: (line) => {
        this.logs.add(line);
        this.#options.onLine?.(line);
      },
    });
    await this.#service.ready(() => answers(port));
  }

  /** Where Node's inspector listens (`HOST:PORT`); undefined without one. */
  get inspector(): string | undefined {
    const { inspectorPort } = this.#options;
    return inspectorPort === undefined ? undefined : `${LOOPBACK}:${inspectorPort}`;
  }

  get pid(): number | undefined {
    return this.#service?.pid;
  }

  /** Resolves when it has ended and this process has not ended it; pending otherwise. */
  async unexpectedEnd(): Promise<Error> {
    return this.#service?.unexpectedEnd() ?? new Promise(() => undefined);
  }

  /** Sends SIGKILL, so that it cannot finish anything. Resolves when it has ended. */
  async kill(): Promise<void> {
    await this.#service?.stop();
  }

  /** Sends SIGTERM, as Cloud Run does to end an instance. Resolves with the exit code. */
  async terminate(): Promise<number | null> {
    return this.#service === undefined ? null : this.#service.terminate();
  }

  /** The sources share the compile cache of this process. An archive has its own. */
  #inherited(): NodeJS.ProcessEnv {
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    return { PATH, ...(this.#options.archive === undefined && { NODE_COMPILE_CACHE }) };
  }

  #frameworkEnvironment(): Record<string, string> {
    const { entryPoint, eventTrigger, environmentVariables } = this.definition;
    return {
      ...environmentVariables,
      NODE_ENV: 'production',
      FUNCTION_SOURCE: this.#options.archive === undefined ? 'functions' : '.',
      FUNCTION_TARGET: entryPoint,
      FUNCTION_SIGNATURE_TYPE: eventTrigger === undefined ? 'http' : 'cloudevent',
      PORT: `${this.#options.port}`,
    };
  }
}
