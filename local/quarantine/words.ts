/** What a person reads about quarantined messages. */
import { printable } from '../terminal/printable.ts';
import type { Entry, QuarantinedMessage } from './store.ts';

/** One line: which, when, why, where from, how large, and the first detail. */
export function inOneLine({ id, receivedAt, reason, topic, size, details }: Entry): string {
  const [first = '', ...others] = details;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const columns = [id, instant(receivedAt), reason.padEnd(27), topic.padEnd(12), `${size} B`.padStart(9)];
  return printable(`${columns.join('  ')}  ${first}${more}`);
}

/** Everything about a message but the values that its publisher wrote. */
export function described(message: QuarantinedMessage): string {
  const { data, size, truncated, attributes, details } = message;
  const kept = truncated ? `, of which ${data.length} are kept: it cannot be replayed` : '';
  const rows = [
    ['ID', message.id],
    ['Received', instant(message.receivedAt)],
    ['Kept until', instant(message.expireAt)],
    ['Topic', message.topic],
    ['Message ID', message.messageId],
    ['Size', `${size} bytes${kept}`],
    ['Attributes', Object.keys(attributes).join(', ') || 'none'],
    ['Reason', message.reason],
    ...details.map((detail, index) => [index === 0 ? 'Details' : '', detail]),
  ];
  return rows.map(([name = '', value = '']) => printable(`${name.padEnd(12)}${value}`)).join('\n');
}

/** The message itself: its attributes, a blank line, its data. */
export function contentOf({ attributes, data }: QuarantinedMessage): string {
  const lines = Object.entries(attributes).map(([name, value]) => printable(`${name}: ${value}`));
  return [...lines, '', dataInWords(data)].join('\n');
}

/** As text where it is text, else in base64. */
function dataInWords(data: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data);
    return text.split('\n').map(printable).join('\n');
  } catch {
    return `base64:${data.toString('base64')}`;
  }
}

/** In UTC, to the second. */
function instant(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
