import { expect } from 'chai';
import { transactionRecord } from '../../functions/src/domain/transaction-record.ts';
import { createLog } from '../../functions/src/log.ts';
import { inTrace } from '../../functions/src/trace.ts';
import { customer } from '../support/customers.ts';
import { recordingLog } from '../support/log.ts';
import { publishedMessage } from '../support/messages.ts';
import { day, now, transaction, transactionMessage } from '../support/transactions.ts';

describe('the log', () => {
  const question = { customerId: 'c', stage: 'transactional', locale: 'en', sequence: 1 } as const;

  it('is one JSON object a line, with the fields that Cloud Logging and dashboards read', () => {
    const { log, lines } = recordingLog();
    log.outreachSkipped(customer(), 'cooldown');
    expect(lines).to.deep.equal([
      {
        severity: 'INFO',
        message: 'No email to this customer now: cooldown.',
        event: 'outreach-skipped',
        customerId: customer().customerId,
        transactions: 1,
        reason: 'cooldown',
      },
    ]);
  });

  it('adds the trace of the request to its lines', () => {
    const written: string[] = [];
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const log = createLog('demo-farmacy', (line) => written.push(line));
    inTrace(traceparent, () => log.outreachSkipped(customer(), 'engaged'));
    expect(JSON.parse(written[0] ?? '')).to.include({
      'logging.googleapis.com/trace': 'projects/demo-farmacy/traces/4bf92f3577b34da6a3ce929d0e0e4736',
      'logging.googleapis.com/spanId': '00f067aa0ba902b7',
    });
  });

  it('has no trace outside of a request or when the header is invalid', () => {
    const written: string[] = [];
    const log = createLog('p', (line) => written.push(line));
    inTrace('x', () => log.outreachSkipped(customer(), 'engaged'));
    log.outreachSkipped(customer(), 'engaged');
    expect(written.join()).to.not.contain('logging.googleapis.com');
  });

  it('shows an error with its causes, and redacts addresses in them', () => {
    const { log, lines } = recordingLog();
    const cause = new TypeError('cannot reach <ann.lee@example.com>, or "bob+x@bücher.example"');
    log.functionFailed('recordTransaction', { messageId: '7' }, new Error('the store failed', { cause }));
    expect(lines[0]).to.include({ severity: 'ERROR', event: 'function-failed', messageId: '7' });
    expect(lines[0]?.['error']).to.equal(
      'Error: the store failed <- TypeError: cannot reach <[address]>, or "[address]"',
    );
  });

  it('says why static content replaces an answer, and whether that is a fault', () => {
    const { log, lines } = recordingLog();
    log.contentFallback(question, 'nothing-to-say');
    log.contentFallback(question, new Error('timeout'));
    expect(lines.map(({ severity }) => severity)).to.deep.equal(['INFO', 'WARNING']);
  });

  it('shows no personal data', () => {
    const { log, lines } = recordingLog();
    const record = transactionRecord(
      transaction(),
      { hashKey: 'k'.repeat(32), controlGroupShare: 0, transactionRetention: day },
      now,
    );
    const message = publishedMessage(transactionMessage());
    log.transactionRecorded(message, record);
    log.transactionDuplicate(message, record);
    log.outreachSkipped(customer({ name: 'Ann Lee' }), 'cooldown');
    expect(lines).to.have.length(3);
    expect(JSON.stringify(lines)).to.not.match(/ann|lee|example\.com/i);
  });
});
