import type { DeployedFunction } from '../functions/manifest.ts';

/** What a function may do, beside being triggered and reading its own secrets. */
export interface Access {
  /** Reads and writes documents. */
  readonly firestore: boolean;
  readonly publishesTo: readonly string[];
}

/** By default a function works on the database and publishes nothing. These do something else. */
const exceptions: Readonly<Record<string, Access>> = {
  ingestTransactions: { firestore: false, publishesTo: ['transactions'] },
};

export function accessOf({ name }: DeployedFunction): Access {
  return exceptions[name] ?? { firestore: true, publishesTo: [] };
}
