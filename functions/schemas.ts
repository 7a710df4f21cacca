/**
 * Writes the contracts of the messages as JSON Schema into docs/schemas/, from the schemas the functions themselves
 * use: `npm run schemas`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { engagementSchema } from './src/messages/engagement.ts';
import { transactionSchema } from './src/messages/transaction.ts';

const folder = path.join(import.meta.dirname, '../docs/schemas');

/** File name below docs/schemas/ and text of each contract. */
export function publishedSchemas(): Record<string, string> {
  return {
    'transaction.v1.json': jsonSchema(transactionSchema),
    'engagement.v1.json': jsonSchema(engagementSchema),
  };
}

function jsonSchema(schema: z.ZodType): string {
  const contract = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify(contract, null, 2)}\n`;
}

async function writeSchemas(): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(publishedSchemas()))
    await writeFile(path.join(folder, file), text);
}

if (import.meta.main) await writeSchemas();
