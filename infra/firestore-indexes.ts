import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { faultLines } from '../functions/src/faults.ts';

const scope = z.enum(['COLLECTION', 'COLLECTION_GROUP']);
const order = z.enum(['ASCENDING', 'DESCENDING']);
const arrayConfig = z.literal('CONTAINS');

const schema = z.strictObject({
  indexes: z.array(
    z.strictObject({
      collectionGroup: z.string(),
      queryScope: scope,
      fields: z.array(
        z.strictObject({
          fieldPath: z.string(),
          order: order.exactOptional(),
          arrayConfig: arrayConfig.exactOptional(),
        }),
      ),
    }),
  ),
  fieldOverrides: z.array(
    z.strictObject({
      collectionGroup: z.string(),
      fieldPath: z.string(),
      ttl: z.boolean().default(false),
      indexes: z.array(
        z.strictObject({
          order: order.exactOptional(),
          arrayConfig: arrayConfig.exactOptional(),
          queryScope: scope,
        }),
      ),
    }),
  ),
});

export type FirestoreIndexes = z.output<typeof schema>;

/**
 * Reads firestore.indexes.json, which the emulator loads as well
 * (https://firebase.google.com/docs/reference/firestore/indexes).
 * @throws Error that lists every fault.
 */
export function readFirestoreIndexes(): FirestoreIndexes {
  const file = path.join(import.meta.dirname, '../firestore.indexes.json');
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const faults = faultLines(parsed.error, 'the file').join('\n');
  throw new Error(`firestore.indexes.json has faults:\n${faults}`);
}

/** The text of firestore.rules, which the emulator loads as well. */
export function readFirestoreRules(): string {
  return readFileSync(path.join(import.meta.dirname, '../firestore.rules'), 'utf8');
}
