import { composeIngestTransactions } from '../compose/ingest-transactions.ts';
import { vendorOf, type VendorKey } from '../domain/vendor-key.ts';
import { onRequest, type ReceivedRequest } from '../framework/on-request.ts';
import { Refusal, refusalFor, type Reply } from '../framework/refusal.ts';
import { log } from '../log.ts';
import { decodeIngestRequest, type DecodedEntry } from '../messages/ingest-request.ts';
import type { IngestReport } from '../usecases/ingest-transactions.ts';

/** In bytes. */
const MAX_BODY = 1024 * 1024;

/** The vendor may try again after half a minute. */
const notPublished = new Refusal(
  503,
  'not-published',
  'Some of it may not have been accepted. Send all of it again: what was accepted before does no harm.',
  { 'Retry-After': '30' },
);
const internalError = new Refusal(500, 'internal-error', 'This is our fault. Nothing was accepted.');

/** The endpoint at which vendors report purchases. docs/ingest.openapi.yaml is the contract. */
export const onTransactionsIngested = onRequest({
  methods: ['POST'],
  maxBody: MAX_BODY,
  compose: composeIngestTransactions,
  async handle(request, { vendorKeys, ingestTransactions }) {
    const vendor = authenticate(request, vendorKeys);
    return replyTo(await ingestTransactions(await entriesIn(request), vendor));
  },
  refuse(error, request, composed) {
    const refusal = refusalFor(error, notPublished, internalError);
    const vendor = composed && vendorOf(keyIn(request) ?? '', composed.vendorKeys);
    log.ingestRefused(refusal.status, refusal.code, vendor, error === refusal ? undefined : error);
    return refusal.reply;
  },
});

/** The key of an Authorization header (https://www.rfc-editor.org/rfc/rfc6750). */
function keyIn(request: ReceivedRequest): string | undefined {
  return /^Bearer +(\S+) *$/iu.exec(request.header('authorization') ?? '')?.[1];
}

function authenticate(request: ReceivedRequest, keys: readonly VendorKey[]): string {
  const key = keyIn(request);
  const challenge = 'Bearer realm="ingestTransactions"';
  if (key === undefined) {
    const message = 'Send your key in the header Authorization, as Bearer KEY.';
    throw new Refusal(401, 'no-key', message, { 'WWW-Authenticate': challenge });
  }
  const vendor = vendorOf(key, keys);
  if (vendor !== undefined) return vendor;
  const message = 'This key is not known, or no longer.';
  throw new Refusal(401, 'unknown-key', message, {
    'WWW-Authenticate': `${challenge}, error="invalid_token"`,
  });
}

async function entriesIn(request: ReceivedRequest): Promise<readonly DecodedEntry[]> {
  const [mediaType = ''] = request.contentType.split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json') {
    throw new Refusal(415, 'not-json', 'The Content-Type must be application/json.');
  }
  const encoding = request.header('content-encoding') ?? 'identity';
  if (encoding.trim().toLowerCase() !== 'identity') {
    throw new Refusal(415, 'encoded-body', 'The body must be sent without Content-Encoding.');
  }
  const decoded = decodeIngestRequest(await request.body(), Date.now());
  if ('fault' in decoded) throw new Refusal(400, decoded.fault.code, decoded.fault.message);
  return decoded.entries;
}

function replyTo(report: IngestReport): Reply {
  if (report.accepted > 0) return { status: 202, body: { json: report } };
  const error = { code: 'no-valid-transaction', message: 'Nothing was accepted: see results.' };
  return { status: 400, body: { json: { error, ...report } } };
}
