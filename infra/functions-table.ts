/** Writes the table of the functions into docs/architecture.md, from the manifest: `npm run functions-table`. */
import { markdownTable } from '../functions/markdown-table.ts';
import { documentOf, isPublic, readManifest, topicOf, type DeployedFunction } from '../functions/manifest.ts';
import { readCommandLine, runCommand } from '../operations/terminal/command-line.ts';
import { updateArchitecture, withTable } from './document-tables.ts';

const head = ['Function', 'Trigger', 'Memory', 'Concurrency', 'Max instances', 'Timeout'];

/** @returns the text of docs/architecture.md with the functions as the manifest lists them now. */
export function withFunctionsTable(text: string): string {
  return withTable(text, 'functions', markdownTable(head, readManifest().functions.map(rowOf)));
}

function rowOf(definition: DeployedFunction): string[] {
  const { name, availableMemoryMb, concurrency, maxInstances, timeoutSeconds } = definition;
  return [
    `\`${name}\``,
    triggerOf(definition),
    `${availableMemoryMb} MiB`,
    String(concurrency),
    String(maxInstances),
    `${timeoutSeconds} s`,
  ];
}

function triggerOf(definition: DeployedFunction): string {
  const topic = topicOf(definition);
  if (topic !== undefined) return `topic \`${topic}\``;
  const document = documentOf(definition);
  if (document !== undefined) return `documents \`${document}\``;
  return isPublic(definition) ? 'HTTPS, public' : 'HTTPS';
}

const help = `npm run functions-table

Writes the table of functions into docs/architecture.md, from the manifest. Run it after changing functions/functions.yaml.`;

if (import.meta.main) {
  readCommandLine({ help, options: {} });
  await runCommand(() => updateArchitecture(withFunctionsTable));
}
