/**
 * Writes the contracts of the messages as JSON Schema into docs/schemas/, from the schemas the functions themselves
 * use: `npm run schemas`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readCommandLine, runCommand } from '../operations/terminal/command-line.ts';
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

const help = `npm run schemas

Writes the contracts of the messages as JSON Schema into docs/schemas/, from the schemas that the functions use. Run it after
changing a message in functions/src/messages/.`;

if (import.meta.main) {
  readCommandLine({ help, options: {} });
  await runCommand(writeSchemas);
}
