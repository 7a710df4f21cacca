import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { DeployedFunction } from '../../functions/manifest.ts';
import { systemEnvironment, type Environment } from '../cloud/environment.ts';
import { startHttpServer, type HttpServer } from '../stack/http-server.ts';
import { freePorts } from '../stack/ports.ts';
import { forward, refuse } from './forward.ts';
import { FunctionProcess, type FunctionProcessOptions } from './function-process.ts';
import { OnDemand } from './on-demand.ts';

/** How long a function without requests keeps its process, in ms. Cloud Run keeps an instance for up to 15 minutes. */
export const IDLE_TIME = 60_000;

export interface FunctionHostOptions extends Omit<FunctionProcessOptions, 'port' | 'inspectorPort'> {
  /** The timers for the idle time; those of this machine when absent. */
  readonly environment?: Environment;
  /** Called when the process has ended by itself. The next request starts it again. */
  readonly onCrash: (error: Error) => void;
  /** Called when the process has not started. The request that needed it is refused. */
  readonly onFailedStart: (error: Error) => void;
}

/** One function behind an address of its own, as Cloud Run serves it: its process runs only while there are requests. */
export class FunctionHost {
  readonly definition: DeployedFunction;
  readonly #process: FunctionProcess;
  readonly #onDemand: OnDemand;
  readonly #agent = new Agent({ keepAlive: true });
  #server: HttpServer | undefined;

  private constructor(process: FunctionProcess, options: FunctionHostOptions) {
    const { environment = systemEnvironment, onCrash, onFailedStart } = options;
    this.definition = process.definition;
    this.#process = process;
    this.#onDemand = new OnDemand(process, { idleTime: IDLE_TIME, environment, onCrash, onFailedStart });
  }

  /** Resolves when it accepts requests, without a process. */
  static async start(definition: DeployedFunction, options: FunctionHostOptions): Promise<FunctionHost> {
    const [port = 0] = await freePorts(1);
    const host = new FunctionHost(new FunctionProcess(definition, { ...options, port }), options);
    host.#server = await startHttpServer((request, response) => {
      void host.handle(request, response, request.url ?? '/');
    });
    return host;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** The process that runs now, or ran last; undefined before the first request. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Answers a request. @param path the path and the query that the function sees. */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const target = { url: this.#process.url, path, agent: this.#agent };
    try {
      await this.#onDemand.serve(() => forward(request, response, target));
    } catch (error) {
      refuse(response, (error as Error).message);
    }
  }

  /** Ends open requests too. */
  async close(): Promise<void> {
    await this.#server?.close();
    await this.#onDemand.close();
    this.#agent.destroy();
  }
}
