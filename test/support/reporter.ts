import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Mocha's own report, which also writes its counts to the file in TEST_COUNTS, where test/all.ts adds them up. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      const file = process.env['TEST_COUNTS'];
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
}
