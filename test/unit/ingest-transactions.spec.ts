import { expect } from 'chai';
import { RetryableError } from '../../functions/src/errors.ts';
import {
  createIngestTransactions,
  type IngestEntry,
} from '../../functions/src/usecases/ingest-transactions.ts';
import { recordingLog } from '../support/log.ts';
import { encoded, transactionMessage } from '../support/transactions.ts';

describe('ingesting transactions', () => {
  const good = { data: encoded(transactionMessage()) };
  const alsoGood = { data: encoded(transactionMessage({ transactionId: 'sale-2' })) };
  const bad: IngestEntry = { fault: { reason: 'invalid-transaction', details: ['source: is none'] } };

  function ingest(
    entries: readonly IngestEntry[],
    publish: (data: Uint8Array, attributes: Readonly<Record<string, string>>) => Promise<string>,
  ) {
    const { log, lines } = recordingLog();
    const ingested = createIngestTransactions({ publisher: { publish }, log })(entries, 'acme');
    return { ingested, lines };
  }

  it('publishes the valid entries, and reports on each entry', async () => {
    const published: [Uint8Array, object][] = [];
    const { ingested, lines } = ingest([good, bad, alsoGood], async (data, attributes) => {
      published.push([data, attributes]);
      return `message ${published.length}`;
    });
    const report = await ingested;
    expect(report).to.include({ accepted: 2, rejected: 1 });
    expect(report.results[0]).to.deep.equal({ index: 0, status: 'accepted', messageId: 'message 1' });
    expect(report.results[1]).to.include({ index: 1, status: 'rejected' });
    expect(report.results[1])
      .to.have.nested.property('details[0]')
      .that.matches(/^source: /);
    expect(report.results[2]).to.deep.equal({ index: 2, status: 'accepted', messageId: 'message 2' });
    expect(published).to.deep.equal([
      [good.data, { vendor: 'acme' }],
      [alsoGood.data, { vendor: 'acme' }],
    ]);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ event: 'transactions-ingested', vendor: 'acme', accepted: 2, rejected: 1 });
    expect(JSON.stringify(lines)).to.not.match(/ann|sale-/i);
  });

  it('reports nothing before every message is acknowledged', async () => {
    const acknowledge: ((messageId: string) => void)[] = [];
    const { ingested, lines } = ingest(
      [good, alsoGood],
      () => new Promise((resolve) => acknowledge.push(resolve)),
    );
    let reported = false;
    void ingested.then(() => (reported = true));
    acknowledge[0]?.('1');
    await new Promise(setImmediate);
    expect(reported).to.equal(false);
    expect(lines).to.be.empty;
    acknowledge[1]?.('2');
    expect(await ingested).to.include({ accepted: 2 });
  });

  it('fails when a message cannot be published', async () => {
    const { ingested, lines } = ingest([good, alsoGood], async (data) => {
      if (data === alsoGood.data) throw new RetryableError('no acknowledgement');
      return '1';
    });
    const failure = await ingested.catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(RetryableError);
    expect(lines).to.be.empty;
  });

  it('publishes nothing when no entry is valid', async () => {
    const { ingested } = ingest([bad], () => Promise.reject(new Error('must not be called')));
    expect(await ingested).to.include({ accepted: 0, rejected: 1 });
  });
});
