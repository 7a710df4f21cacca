import type { Request, Response } from '@google-cloud/functions-framework';
import { composeIngestTransactions, logFor } from '../compose.ts';
import { vendorOf, type VendorKey } from '../domain/vendor-key.ts';
import { RetryableError } from '../errors.ts';
import type { Log } from '../log.ts';
import { decodeIngestRequest } from '../messages/ingest-request.ts';
import { ingestTransactions } from '../usecases/ingest-transactions.ts';
import { answerRefusal, Refusal } from './refusal.ts';
import { mediaTypeOf, readBody } from './unparsed-body.ts';

/** The largest body of a request, in bytes. */
const MAX_BODY = 1024 * 1024;

/** When a vendor may try again after we could not serve it, in seconds. */
const RETRY_AFTER = '30';

/** A vendor's cloud calls with purchases. docs/ingest.openapi.yaml is what it can rely on. */
export async function onTransactionsIngested(request: Request, response: Response): Promise<void> {
  const log = logFor(request.get('traceparent'));
  let vendor: string | undefined;
  try {
    const { vendorKeys, ...composed } = await composeIngestTransactions();
    requirePost(request);
    vendor = authenticate(request, vendorKeys);
    const entries = await readEntries(request);
    const report = await ingestTransactions(entries, vendor, { ...composed, log });
    if (report.accepted > 0) return void response.status(202).json(report);
    const error = { code: 'no-valid-transaction', message: 'Nothing was accepted: see results.' };
    response.status(400).json({ error, ...report });
  } catch (error) {
    refuse(error, vendor, response, log);
  }
}

function requirePost(request: Request): void {
  if (request.method === 'POST') return;
  throw new Refusal(405, 'method-not-allowed', 'Purchases are reported by POST.', { Allow: 'POST' });
}

/** https://www.rfc-editor.org/rfc/rfc6750 */
function authenticate(request: Request, keys: readonly VendorKey[]): string {
  const key = /^Bearer +(\S+) *$/iu.exec(request.get('authorization') ?? '')?.[1];
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

async function readEntries(request: Request): Promise<readonly Uint8Array[]> {
  if (mediaTypeOf(request) !== 'application/json') {
    throw new Refusal(415, 'not-json', 'The Content-Type must be application/json.');
  }
  if ((request.get('content-encoding') ?? 'identity') !== 'identity') {
    throw new Refusal(415, 'encoded-body', 'The body must be sent without Content-Encoding.');
  }
  const decoded = decodeIngestRequest(await readBody(request, MAX_BODY));
  if ('fault' in decoded) throw new Refusal(400, decoded.fault.code, decoded.fault.message);
  return decoded.entries;
}

function refuse(error: unknown, vendor: string | undefined, response: Response, log: Log): void {
  const refusal = refusalFor(error);
  log.ingestRefused(refusal.status, refusal.code, vendor, error === refusal ? undefined : error);
  answerRefusal(response, refusal);
}

function refusalFor(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof RetryableError) {
    const message =
      'Nothing is certain to have been accepted. Send all of it again: what came before does no harm.';
    return new Refusal(503, 'not-published', message, { 'Retry-After': RETRY_AFTER });
  }
  return new Refusal(500, 'internal-error', 'This is our fault. Nothing was accepted.');
}
