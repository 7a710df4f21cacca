import { transactionMessage } from './transactions.ts';

/** A way in which a message can be wrong. */
interface Malformation {
  readonly kind: string;
  /** @param seed makes each message different. */
  readonly make: (seed: number) => Buffer;
}

const text = (json: string): Buffer => Buffer.from(json, 'utf8');
const good = (seed: number, changes: Record<string, unknown> = {}): string =>
  JSON.stringify(transactionMessage({ transactionId: `malformed-${seed}`, ...changes }));
const changed = (changes: (seed: number) => Record<string, unknown>) => (seed: number) =>
  text(good(seed, changes(seed)));
/** A message with this JSON as the amount of its total, which JSON.stringify cannot write. */
const withAmount = (seed: number, json: string): Buffer =>
  text(good(seed).replace(/"amount":\d+/u, `"amount":${json}`));

/** Every kind breaks a rule of the contract, or of JSON. */
const malformations: readonly Malformation[] = [
  { kind: 'empty', make: () => Buffer.alloc(0) },
  { kind: 'truncated', make: (seed) => text(good(seed).slice(0, 1 + (seed % 200))) },
  { kind: 'not an object', make: (seed) => text(['null', '[]', '42', '"text"', 'true'][seed % 5] ?? '') },
  { kind: 'two documents', make: (seed) => text(good(seed) + good(seed)) },
  { kind: 'number as text', make: changed(() => ({ total: { amount: '890', currency: 'EUR' } })) },
  { kind: 'text as number', make: changed((seed) => ({ transactionId: seed })) },
  { kind: 'list as object', make: changed(() => ({ total: [890, 'EUR'] })) },
  { kind: 'object as text', make: changed(() => ({ customer: 'someone' })) },
  { kind: 'negative fraction of a cent', make: (seed) => withAmount(seed, `-${seed + 1}.5`) },
  { kind: 'fraction of a cent', make: (seed) => withAmount(seed, `${seed}.5`) },
  { kind: 'infinite amount', make: (seed) => withAmount(seed, '1e999') },
  {
    kind: 'not a JSON number',
    make: (seed) => withAmount(seed, ['NaN', '0x10', '01', '+1'][seed % 4] ?? ''),
  },
  { kind: 'huge text', make: changed((seed) => ({ transactionId: 'x'.repeat(20_000 + seed) })) },
  { kind: 'huge list', make: changed(() => ({ customer: Array.from({ length: 501 }, () => null) })) },
  { kind: 'deep nesting', make: (seed) => withAmount(seed, '['.repeat(5_000) + ']'.repeat(5_000)) },
  {
    kind: 'deep nesting, never closed',
    make: (seed) => withAmount(seed, '{"a":'.repeat(5_000 + (seed % 100))),
  },
  {
    kind: 'prototype in place of a field',
    make: (seed) => text(good(seed).replace('"total":', '"__proto__":')),
  },
  {
    kind: 'constructor in place of a field',
    make: (seed) => text(good(seed).replace('"total":', '"constructor":{"prototype":{"total":1}},"x":')),
  },
  { kind: 'lone surrogate', make: (seed) => text(good(seed).replace('malformed-', 'malformed-\\ud800')) },
  { kind: 'NUL', make: (seed) => text(good(seed).replace('malformed-', 'malformed-\\u0000')) },
  { kind: 'raw control character', make: (seed) => text(good(seed).replace('malformed-', 'malformed-\n')) },
  // JSON.parse keeps the last one.
  { kind: 'duplicate key', make: (seed) => text(good(seed).replace(/\}$/u, ',"source":"nobody"}')) },
  { kind: 'date that does not exist', make: changed(() => ({ occurredAt: '2026-02-30T12:00:00Z' })) },
  { kind: 'date without offset', make: changed(() => ({ occurredAt: '2026-05-01T12:00:00' })) },
  { kind: 'date in the future', make: changed(() => ({ occurredAt: '9999-12-31T23:59:59Z' })) },
  { kind: 'not an address', make: changed((seed) => ({ customer: { email: `no-address-${seed}` } })) },
  { kind: 'currency that does not exist', make: changed(() => ({ total: { amount: 1, currency: 'XQQ' } })) },
  { kind: 'future version', make: changed((seed) => ({ version: 2 + (seed % 9) })) },
  { kind: 'UTF-16', make: (seed) => Buffer.from(good(seed), 'utf16le') },
  { kind: 'Latin-1', make: (seed) => Buffer.from(good(seed).replace('malformed-', 'señal-'), 'latin1') },
  { kind: 'compressed', make: (seed) => Buffer.from([0x1f, 0x8b, 0x08, seed % 256, 0xff, 0xfe]) },
];

/** The kind and the data of malformed message number `n`. The kinds take turns. */
export function malformed(n: number): { kind: string; data: Buffer } {
  const { kind, make } = malformations[n % malformations.length] ?? { kind: '', make: () => Buffer.alloc(0) };
  return { kind, data: make(n) };
}
