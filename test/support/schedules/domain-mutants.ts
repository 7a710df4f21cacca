import { mutantsOf, type Mutant } from './mutant.ts';

/** Faults in the decisions. */
export const domainMutants: readonly Mutant[] = [
  ...mutantsOf(
    'domain/outreach.ts',
    ['writes to engaged customers', "if (stage === 'engaged') return { reason: 'engaged' };", ''],
    [
      'writes to the control group',
      "if (customer.group === 'control') return { reason: 'control-group' };",
      '',
    ],
    [
      'answers old purchases',
      "return now - lastTransactionAt > maxTransactionAge ? 'stale-transaction' : undefined;",
      'return undefined;',
    ],
    ['ignores a suppression after a purchase', "if (isSuppressed(outreach, now)) return 'suppressed';", ''],
    [
      'answers a purchase twice',
      "if (transactions <= outreach.transactionsAnswered) return 'no-new-transaction';",
      '',
    ],
    ['ignores the cap', "if (outreach.emailsSent >= maxEmails) return 'cap-reached';", ''],
    [
      'ignores the cooldown',
      "return now - outreach.lastClaimedAt < cooldown ? 'cooldown' : undefined;",
      'return undefined;',
    ],
    ['shows first steps to people who never bought', "if (transactions === 0) return 'never-bought';", ''],
    [
      'shows first steps in spite of a suppression',
      "if (isSuppressedForGood(outreach)) return 'suppressed';",
      '',
    ],
    [
      'shows first steps twice',
      "if (outreach.firstStepsClaimedAt !== undefined) return 'already-shown';",
      '',
    ],
    [
      'shows first steps beyond the cap',
      "return outreach.emailsSent >= maxEmails ? 'cap-reached' : undefined;",
      'return undefined;',
    ],
    ['shows first steps too early', "if (now < until) return { action: 'postpone', until };", ''],
    [
      'shows first steps during a pause',
      'Math.max(outreach.lastClaimedAt + limits.cooldown, outreach.pausedUntil ?? 0)',
      'outreach.lastClaimedAt + limits.cooldown',
    ],
    [
      'sends a late email of a former stage',
      "if (addressee.stage !== email.stage) return skip('signed-up');",
      '',
    ],
    [
      'sends a late email in spite of a suppression',
      "if (isSuppressed(outreach, now)) return skip('suppressed');",
      '',
    ],
    [
      'ignores the pause of a customer',
      'return isSuppressedForGood(outreach) || now < (outreach.pausedUntil ?? 0);',
      'return isSuppressedForGood(outreach);',
    ],
  ),
  ...mutantsOf(
    'domain/email.ts',
    [
      'ignores that the webhook has reported an email',
      'if (email.heardOfAt !== undefined) {',
      'if (false) {',
    ],
    [
      'sends again without a webhook',
      "if (!policy.webhookConfigured) return rejected('outcome-unknown', now);",
      '',
    ],
    ['sends again within the grace', 'if (now < silentUntil) {', 'if (false) {'],
    [
      'sends an interrupted email again at once',
      "if (email.status !== 'deferred') {",
      "if (email.status === 'unknown') {",
    ],
    [
      'attempts without a limit',
      "if (email.attempts >= policy.maxAttempts) return rejected('too-many-attempts', now);",
      '',
    ],
    [
      'sends emails that are too late',
      "if (now - email.claimedAt > policy.giveUpAfter) return rejected('too-late', now);",
      '',
    ],
    [
      'never backs off further',
      'Math.min(firstBackoff * 2 ** (attempts - 1), longestBackoff)',
      'firstBackoff',
    ],
    ['ignores when SendGrid wants the next attempt', 'outcome.retryAt ?? now + backoff', 'now + backoff'],
  ),
  ...mutantsOf(
    'domain/attribution.ts',
    ['credits emails outside the window', ' && signedUpAt - acceptedAt <= window', ''],
    [
      'credits the last email instead of the clicked one',
      'clicked.at(-1) ?? candidates.at(-1)',
      'candidates.at(-1)',
    ],
  ),
  ...mutantsOf(
    'domain/delivery.ts',
    [
      'suppresses for the content of an email',
      "return event.becauseOfAddress ? 'dropped' : undefined;",
      "return 'dropped';",
    ],
    ['ignores bounces', "return 'bounced';", 'return undefined;'],
    ['takes the last time of a milestone', 'Math.min(soFar[fact] ?? Infinity, occurredAt)', 'Infinity'],
  ),
  ...mutantsOf('domain/customer.ts', [
    'swaps the groups',
    "? 'control' : 'outreach'",
    "? 'outreach' : 'control'",
  ]),
  ...mutantsOf('domain/transaction-record.ts', [
    'keeps transactions forever',
    'expireAt: now + policy.transactionRetention',
    'expireAt: Number.MAX_SAFE_INTEGER / 100',
  ]),
];
