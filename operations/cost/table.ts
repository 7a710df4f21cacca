import { unitCosts } from './unit-costs.ts';

/** The counts as docs/costs.md shows them. */
export function costTable(): string {
  const header = [
    'What happens',
    'Invocations',
    'Reads',
    'Writes',
    'Deletes',
    'Calls of Firestore',
    'Requests to SendGrid',
  ];
  const rows = Object.entries(unitCosts).map(([what, cost]) => [
    what,
    ...[cost.invocations, cost.reads, cost.writes, cost.deletes, cost.rpcs, cost.requests].map(String),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
