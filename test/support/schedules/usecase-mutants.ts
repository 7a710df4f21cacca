import { mutantsOf, type Mutant } from './mutant.ts';

/** Faults in the use cases. */
export const usecaseMutants: readonly Mutant[] = [
  ...mutantsOf(
    'usecases/send-email.ts',
    ['sends after the lease', 'if (clock() >= email.dueAt) return log.emailLeaseLost(email);', ''],
    [
      'sends while all sending is paused',
      "return paused ? { ...notSent('sending-paused'), retryAt: clock() } : mailer.send(outgoing);",
      'return mailer.send(outgoing);',
    ],
  ),
  ...mutantsOf('usecases/resume-emails.ts', [
    'takes emails up while all sending is paused',
    'if (await sendingSwitch.isPaused()) return log.sendingPaused();',
    '',
  ]),
  ...mutantsOf(
    'usecases/resume-open-emails.ts',
    [
      'sends an email that another run has taken up',
      'if (await ledger.takeUp(claimed, due)) await',
      'await ledger.takeUp(claimed, due); await',
    ],
    ['does not count attempts', 'attempts: email.attempts + 1', 'attempts: email.attempts'],
    ['takes up without a lease', 'dueAt: now + policy.lease', 'dueAt: now'],
  ),
  ...mutantsOf(
    'usecases/target-customer.ts',
    [
      'sends an email that it could not claim',
      'if (await ledger.claim(email, outreach)) return',
      'await ledger.claim(email, outreach); return',
    ],
    [
      'answers changes that are no purchase',
      "return after.transactions === (before?.transactions ?? 0) ? 'no-new-transaction' : undefined;",
      'return undefined;',
    ],
  ),
  ...mutantsOf('usecases/send-first-steps.ts', [
    'sends first steps that it could not claim',
    'if (await ledger.claim(email, outreach)) await',
    'await ledger.claim(email, outreach); await',
  ]),
  ...mutantsOf(
    'usecases/record-engagement.ts',
    [
      'credits no sign-up',
      "if (engagement.type === 'signed-up') await creditConversion(record.customerId);",
      '',
    ],
    [
      'shows first steps at the sign-up',
      'engagement.occurredAt + policy.firstStepsAfter',
      'engagement.occurredAt',
    ],
  ),
  ...mutantsOf('usecases/record-delivery.ts', [
    'suppresses no one',
    'await deliveries.suppress(suppressions);',
    '',
  ]),
];
