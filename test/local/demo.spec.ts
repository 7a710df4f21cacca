import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Summary } from '../../local/playback/summary.ts';
import { describeWithEmulators } from '../support/emulators.ts';

const demo = path.resolve(import.meta.dirname, '../../local/demo.ts');

const purchase = (transactionId: string, minute: number, email?: string, amount = 900): string =>
  JSON.stringify({
    transactionId,
    source: 'smart-fridge',
    occurredAt: `2024-05-01T10:${String(minute).padStart(2, '0')}:00+02:00`,
    ...(email !== undefined && { customer: { email } }),
    total: { amount, currency: 'EUR' },
  });

/** Every address and every name in the lines of a file, bad lines included. */
function peopleIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const addresses = text.match(/[^"\s]+@[^"\s]+/gu) ?? [];
  const names = [...text.matchAll(/"customer":\{[^}]*"name":"([^"]+)"/gu)].map(([, name]) => name ?? '');
  return [...new Set([...addresses, ...names])];
}

/** Whether a text contains a name as a word: "same" does not contain "Sam". */
function isNamedIn(text: string, person: string): boolean {
  return new RegExp(`(?<![\\p{L}\\d])${RegExp.escape(person)}(?![\\p{L}\\d])`, 'iu').test(text);
}

describe('npm run demo', function () {
  this.timeout(120_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'farmacy-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  describe('on the embedded cloud', () => playsPurchases('--embedded'));
  describeWithEmulators('on the Firebase suite', () => playsPurchases('--firebase'));

  function playsPurchases(cloud: string): void {
    it('plays a file, counts what became of every line, and leaves nothing behind', () => {
      const input = path.join(folder, 'purchases.ndjson');
      const lines = [
        purchase('1', 1, 'ann@example.com'),
        purchase('2', 2, 'ANN@example.com '),
        purchase('2', 2, 'ANN@example.com '),
        purchase('2', 2, 'ann@example.com', 1),
        purchase('3', 3, 'bob@example.org'),
        '',
        purchase('4', 4),
        '{"torn',
      ];
      writeFileSync(input, lines.join('\n'));
      const args = [demo, cloud, '--input', input, '--shift-to-now', '--json'];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        encoding: 'utf8',
        env: { ...process.env, TMPDIR: folder },
      });
      expect(status, stderr).to.equal(0);
      const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Summary;
      expect(summary).to.deep.include({
        published: 7,
        recorded: 4,
        duplicates: 1,
        quarantined: 2,
        withoutEmail: 1,
        customers: 2,
        emailsAccepted: 2,
        delivered: 2,
        conversions: 0,
        suppressed: 0,
      });
      expect(summary.content.analytics + summary.content.static).to.equal(2);
      expect(Object.values(summary.skipped)).to.deep.equal([1]);
      expect(stdout + stderr).not.to.match(/ann@|bob@/iu);
      expect(readdirSync(folder).filter((name) => name.startsWith('farmacy-'))).to.deep.equal([]);
    });

    it('prints no address and no name in any log line of the functions', () => {
      const log = path.join(folder, 'functions.log');
      const { status, stderr } = spawnSync(process.execPath, [demo, cloud, '--log', log], {
        encoding: 'utf8',
        env: { ...process.env, TMPDIR: folder },
      });
      expect(status, stderr).to.equal(0);
      const printed = readFileSync(log, 'utf8');
      for (const event of [
        'transaction-recorded',
        'message-quarantined',
        'email-accepted',
        'delivery-recorded',
      ]) {
        expect(printed).to.include(`"event":"${event}"`);
      }
      const people = peopleIn(path.resolve(import.meta.dirname, '../../local/samples/purchases.ndjson'));
      expect(people).to.have.length.above(40);
      expect(people.filter((person) => isNamedIn(printed, person))).to.deep.equal([]);
    });
  }

  it('names a file that does not exist', () => {
    const { status, stderr } = spawnSync(process.execPath, [demo, '--input', 'nowhere.ndjson'], {
      encoding: 'utf8',
    });
    expect(status).to.equal(1);
    expect(stderr).to.equal('There is no file nowhere.ndjson.\n');
  });

  it('refuses unknown options', () => {
    const { status, stderr } = spawnSync(process.execPath, [demo, '--inptu', 'x'], { encoding: 'utf8' });
    expect(status).to.equal(1);
    expect(stderr).to.equal('There is no option --inptu: did you mean --input?\n');
  });
});
