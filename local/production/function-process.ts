import path from 'node:path';
import type { DeployedFunction } from '../../functions/manifest.ts';
import { answers, LOOPBACK } from '../stack/ports.ts';
import { Service } from '../stack/service.ts';
import { repository } from '../toolchain/environment.ts';
import { LogBook } from './log-book.ts';

const framework = path.join(
  'node_modules',
  '@google-cloud',
  'functions-framework',
  'build',
  'src',
  'main.js',
);

export interface FunctionProcessOptions {
  readonly port: number;
  /** Where Node's inspector listens; without it nobody can look into the process. */
  readonly inspectorPort?: number;
  /** The deployed files (archive.ts); without it the sources are served. */
  readonly archive?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Options of Node itself, such as `--import`. */
  readonly nodeOptions: readonly string[];
}

/** One function as one instance of Cloud Run serves it: functions-framework, in a process that can die and come back. */
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

  /** Resolves when it takes requests. @param env in addition to, or in place of, what it always has. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { port, nodeOptions, inspectorPort, archive = repository } = this.#options;
    const inspector = inspectorPort === undefined ? [] : [`--inspect=${LOOPBACK}:${inspectorPort}`];
    this.#service = new Service({
      name: `The function ${this.definition.name}`,
      command: process.execPath,
      args: [...nodeOptions, ...inspector, framework],
      cwd: archive,
      env: { PATH: process.env.PATH, ...this.#frameworkEnvironment(), ...this.#options.env, ...env },
      onLine: (line) => this.logs.hear(line),
    });
    await this.#service.ready(() => answers(port));
  }

  /** Where Node's inspector listens, as `HOST:PORT`; undefined when it does not. */
  get inspector(): string | undefined {
    const { inspectorPort } = this.#options;
    return inspectorPort === undefined ? undefined : `${LOOPBACK}:${inspectorPort}`;
  }

  get pid(): number | undefined {
    return this.#service?.pid;
  }

  /** SIGKILL: it has no chance to do anything more. Resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#service?.stop();
  }

  /** SIGTERM, by which Cloud Run asks an instance to end. Resolves with its exit code. */
  async terminate(): Promise<number | null> {
    return this.#service === undefined ? null : this.#service.terminate();
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
