/** What is printed about quarantined messages. */
import { isUtf8 } from 'node:buffer';
import { escapeControls, formatCount, formatRows } from '../terminal/format.ts';
import type { Entry, QuarantinedMessage } from './store.ts';

/** One line: ID, time, reason, topic, size and the first detail. */
export function summaryLine({ id, receivedAt, reason, topic, size, details }: Entry): string {
  const [first = '', ...others] = details;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const columns = [id, instant(receivedAt), reason.padEnd(27), topic.padEnd(12), `${size} B`.padStart(9)];
  return escapeControls(`${columns.join('  ')}  ${first}${more}`);
}

/** Everything about a message except the values that its publisher wrote. */
export function detailsText(message: QuarantinedMessage): string {
  const { data, size, truncated, attributes, details } = message;
  const kept = truncated ? `, of which ${data.length} are kept: it cannot be replayed` : '';
  const rows: (readonly [string, string])[] = [
    ['ID', message.id],
    ['Received', instant(message.receivedAt)],
    ['Kept until', instant(message.expireAt)],
    ['Topic', message.topic],
    ['Message ID', message.messageId],
    ['Size', `${formatCount(size, 'byte')}${kept}`],
    ['Attributes', Object.keys(attributes).join(', ') || 'none'],
    ['Reason', message.reason],
    ...details.map((detail, index) => [index === 0 ? 'Details' : '', detail] as const),
  ];
  return formatRows(rows, 12);
}

/** The message itself: its attributes, a blank line, its data. */
export function contentText({ attributes, data }: QuarantinedMessage): string {
  const lines = Object.entries(attributes).map(([name, value]) => escapeControls(`${name}: ${value}`));
  return [...lines, '', dataText(data)].join('\n');
}

function dataText(data: Buffer): string {
  if (!isUtf8(data)) return `base64:${data.toString('base64')}`;
  return data.toString().split('\n').map(escapeControls).join('\n');
}

/** In UTC, to the second. */
function instant(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
