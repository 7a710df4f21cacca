import { expect } from 'chai';
import { Readable } from 'node:stream';
import { purchaseLines, readPurchases, type BadLine } from '../../operations/publish/purchase-lines.ts';
import { explainPublishingError } from '../../operations/target/errors.ts';
import { unwritable } from '../../operations/terminal/file-errors.ts';
import { publishLines } from '../../operations/publish/publish-lines.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');

const purchase = (transactionId: string): string =>
  JSON.stringify({
    transactionId,
    source: 'point-of-sale',
    occurredAt: '2026-06-01T11:00:00Z',
    total: { amount: 1, currency: 'EUR' },
  });

async function publish(
  lines: string[],
  publishMessage: (message: { data?: unknown }) => Promise<string>,
  encoding: BufferEncoding = 'utf8',
) {
  const badLines: BadLine[] = [];
  const report = await publishLines(purchaseLines(Readable.from([Buffer.from(lines.join('\n'), encoding)])), {
    topic: { publishMessage },
    onBadLine: (line) => badLines.push(line),
    clock: () => NOW,
  });
  return { report, badLines };
}

describe('publishing a file', () => {
  it('publishes the good lines unchanged and reports the bad ones', async () => {
    const sent: string[] = [];
    const { report, badLines } = await publish(
      [purchase('1'), '', '{"torn', purchase('2'), '{}'],
      async ({ data }) => {
        sent.push(String(data));
        return 'id';
      },
    );
    expect(sent).to.deep.equal([purchase('1'), purchase('2')]);
    expect(report).to.deep.equal({ published: 2, bad: 2 });
    expect(badLines.map(({ number, reason }) => [number, reason])).to.deep.equal([
      [3, 'invalid-json'],
      [5, 'invalid-transaction'],
    ]);
  });

  it('publishes no line that is not UTF-8', async () => {
    const named = purchase('2').replace('}}', '}, "customer": {"name": "Jalapeño"}}');
    const { report, badLines } = await publish([purchase('1'), named], async () => 'id', 'latin1');
    expect(report).to.deep.equal({ published: 1, bad: 1 });
    expect(badLines).to.deep.equal([
      { number: 2, reason: 'invalid-json', details: ['the message data is not UTF-8 text'] },
    ]);
  });

  it('never has more than one batch under way', async () => {
    let underWay = 0;
    let most = 0;
    const lines = Array.from({ length: 1200 }, (_, index) => purchase(`${index}`));
    const { report } = await publish(lines, async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
      return 'id';
    });
    expect(report.published).to.equal(1200);
    expect(most).to.be.within(2, 500);
  });

  it('stops at the first message that cannot be published', async () => {
    const failure = publish([purchase('1')], () => Promise.reject(new Error('no topic')));
    expect(await failure.catch((error: unknown) => error)).to.have.property('message', 'no topic');
  });
});

describe('a file that cannot be read', () => {
  const faultOf = async (file: string) =>
    ((await readPurchases(file).catch((error: unknown) => error)) as Error).message;

  it('is named when there is none', async () => {
    expect(await faultOf('nowhere.ndjson')).to.equal('There is no file nowhere.ndjson.');
  });
  it('is named when it is a folder', async () => {
    expect(await faultOf('docs')).to.equal('This is a folder, not a file: docs.');
  });
  it('is named when it cannot be written either', () => {
    const failure = Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
    expect(unwritable('report.html', failure).message).to.equal(
      'report.html cannot be written: EROFS: read-only file system',
    );
  });
});

describe('explaining why publishing failed', () => {
  const failures = {
    'There is no topic sales there.': Object.assign(new Error('5 NOT_FOUND'), { code: 5 }),
    'You may not publish to the topic sales': Object.assign(new Error('7 PERMISSION_DENIED'), { code: 7 }),
    'gcloud auth application-default login': new Error('Could not load the default credentials.'),
    'Publishing failed: 14 UNAVAILABLE': Object.assign(new Error('14 UNAVAILABLE'), { code: 14 }),
  };
  for (const [text, error] of Object.entries(failures)) {
    it(`says "${text}"`, () => {
      expect(explainPublishingError(error, 'sales')).to.include(text);
    });
  }
});
