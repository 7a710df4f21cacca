/**
 * What bytes may say. A quarantined message is often not what its contract asks for: it may be in UTF-16, compressed, or one
 * format inside another.
 */
import { isUtf8 } from 'node:buffer';
import { constants, unzipSync } from 'node:zlib';

/** How many formats may be inside each other. */
const DEPTH = 4;

/** The most that is decompressed, in bytes: a small message may unpack to gigabytes. */
const MOST_UNPACKED = 50_000_000;

const utf16Encodings = ['utf-16le', 'utf-16be'] as const;

/** Base64 that is long enough for an address, of the usual alphabet or that of URLs (RFC 4648). */
const BASE64 = /[\w+/-]{8,}/gu;

/** The line breaks within Base64 (RFC 2045, 6.8). */
const BREAK = /(?<=[\w+/-])\r?\n(?=[\w+/-])/gu;

/** Every text that the bytes may be: as they are, decompressed, and with the Base64 in them decoded. */
export function* textsIn(bytes: Buffer, depth = DEPTH): Generator<string> {
  for (const text of decodedTexts(bytes)) yield* readingsOf(withoutBackslashes(text), depth);
  const unpacked = depth > 0 ? unpackedFrom(bytes) : undefined;
  if (unpacked !== undefined) yield* textsIn(unpacked, depth - 1);
}

/**
 * The bytes as UTF-8, with replacements for what is not. Other bytes than UTF-8 may be Latin-1, or UTF-16 of either byte order,
 * which may have been cut between the bytes of a character.
 */
function* decodedTexts(bytes: Buffer): Generator<string> {
  yield bytes.toString();
  const isText = isUtf8(bytes);
  if (!isText) yield bytes.toString('latin1');
  if (isText && !bytes.includes(0)) return;
  for (const encoding of utf16Encodings) {
    for (const start of [0, 1]) yield new TextDecoder(encoding).decode(bytes.subarray(start));
  }
}

/** The text, and what it says if its escapes are those of URLs and HTML. */
function* readingsOf(text: string, depth: number): Generator<string> {
  yield text;
  if (depth === 0) return;
  const unescaped = withoutEscapes(text);
  if (unescaped !== text) yield* readingsOf(unescaped, depth - 1);
  for (const joined of new Set([text, text.replaceAll(BREAK, '')])) {
    for (const [token] of joined.matchAll(BASE64)) yield* textsIn(Buffer.from(token, 'base64'), depth - 1);
  }
}

/** Decodes the escapes of JSON, also of JSON inside JSON. An address contains no backslash. */
function withoutBackslashes(text: string): string {
  let before = text;
  for (let count = 0; count < DEPTH; count += 1) {
    const after = before.replaceAll(
      /\\(?:u([\da-fA-F]{4})|([nrtbf])|(["\\/]))/gu,
      (_, unit: string | undefined, space: string | undefined, itself: string | undefined) =>
        unit !== undefined
          ? String.fromCharCode(Number.parseInt(unit, 16))
          : (itself ?? (space && '\n') ?? ''),
    );
    if (after === before) return after;
    before = after;
  }
  return before;
}

function withoutEscapes(text: string): string {
  return text
    .replaceAll(/(?:%[\da-f]{2})+/giu, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString())
    .replaceAll(/&#(?:x([\da-f]{1,6})|(\d{1,7}));/giu, (entity, hex?: string, decimal?: string) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
    });
}

/** Gunzips and inflates (RFC 1952, RFC 1950), also what has been cut off; undefined for other bytes. */
function unpackedFrom(bytes: Buffer): Buffer | undefined {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isZlib = bytes[0] === 0x78;
  if (!isGzip && !isZlib) return undefined;
  try {
    return unzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_UNPACKED });
  } catch {
    return undefined;
  }
}
