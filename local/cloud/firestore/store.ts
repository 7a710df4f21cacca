/** All databases of the embedded Firestore. */
import type { Environment } from '../environment.ts';
import type { Change } from './committer.ts';
import { Database } from './database.ts';

export class Store {
  readonly #environment: Environment;
  readonly #databases = new Map<string, Database>();
  readonly #listeners: ((change: Change) => void)[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** @param name `projects/{project}/databases/{database}`; an empty one is there from its first use on. */
  database(name: string): Database {
    const known = this.#databases.get(name);
    if (known !== undefined) return known;
    const database = new Database(name, this.#environment, (change) => {
      for (const listener of this.#listeners) listener(change);
    });
    this.#databases.set(name, database);
    return database;
  }

  /**
   * Calls the listener for each document that a commit changes, in the order of the commits, before the commit is
   * answered. A write that leaves a document as it was is no change. The listener must not throw.
   */
  onWrite(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }
}
