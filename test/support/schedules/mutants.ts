/** Faults to plant in the rules, one at a time. Random schedules must find every one of them. */
export interface Mutant {
  /** What the system does wrong. */
  readonly name: string;
  /** Below functions/src. */
  readonly file: string;
  /** Text that the file contains exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** The mutants of one file: what each does wrong, the text that it finds, and the text in its place. */
function mutantsOf(file: string, ...all: readonly (readonly [string, string, string])[]): readonly Mutant[] {
  return all.map(([name, find, replace]) => ({ name, file, find, replace }));
}

export const mutants: readonly Mutant[] = [
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
  ...mutantsOf(
    'usecases/send-email.ts',
    ['sends after the lease', 'if (clock() >= email.dueAt) return log.emailLeaseLost(email);', ''],
    [
      'sends while all sending is paused',
      "return paused ? notSent('sending-paused') : mailer.send(outgoing);",
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
    'suppresses nobody',
    'await deliveries.suppress(suppressions);',
    '',
  ]),
  ...mutantsOf(
    'adapters/firestore/transactions.ts',
    ['counts a redelivery again', 'firestore.batch().create(guard', 'firestore.batch().set(guard'],
    [
      'takes a conflict for a duplicate',
      "return stored.get('digest') === digest ? 'duplicate' : 'conflict';",
      "return 'duplicate';",
    ],
  ),
  ...mutantsOf(
    'adapters/firestore/customer-documents.ts',
    ['takes the last purchase received for the latest', 'FieldValue.maximum(occurredAt)', 'occurredAt'],
    [
      'takes the last engagement for the first',
      '[fact]: FieldValue.minimum(occurredAt)',
      '[fact]: occurredAt',
    ],
  ),
  ...mutantsOf(
    'adapters/firestore/outreach-ledger.ts',
    [
      'claims in spite of a change',
      'batch.update(outreach, outreachAfter(email), unchangedSince(basedOn))',
      'batch.update(outreach, outreachAfter(email))',
    ],
    [
      'claims in spite of a new outreach',
      'batch.create(outreach, outreachAfter(email))',
      'batch.set(outreach, outreachAfter(email))',
    ],
    ['takes up what another run has changed', 'update(another, unchangedSince(due))', 'update(another)'],
    [
      'settles what another run has changed',
      'update(settledEmail(state, undefined), unchangedSince(due))',
      'update(settledEmail(state, undefined))',
    ],
    [
      'leaves settled emails open',
      '    dueAt: FieldValue.delete(),\n    reason: FieldValue.delete(),',
      '    reason: FieldValue.delete(),',
    ],
    [
      'takes up emails before they are due',
      "emails.where('dueAt', '<=', now).orderBy('dueAt')",
      "emails.orderBy('dueAt')",
    ],
    ['forgets that the first steps are claimed', "...(occasion === 'sign-up' && {", '...(false && {'],
    [
      'lets emails expire at once',
      'Timestamp.fromMillis(email.claimedAt + retention)',
      'Timestamp.fromMillis(email.claimedAt)',
    ],
  ),
  ...mutantsOf(
    'adapters/firestore/deliveries.ts',
    ['takes the last report for the first', 'FieldValue.minimum(heardOfAt)', 'FieldValue.maximum(heardOfAt)'],
    [
      'replaces the outreach by a suppression',
      '{ suppressions: earliest(suppressions) }, { merge: true }',
      '{ suppressions: earliest(suppressions) }',
    ],
  ),
  ...mutantsOf(
    'adapters/firestore/subscriptions.ts',
    [
      'does not store an unsubscribe',
      'await outreachOf(customerIdIn(emailId)).set({ suppressions }, { merge: true });',
      '',
    ],
    [
      'does not store a pause',
      'await outreachOf(customerId).set({ pausedUntil: FieldValue.maximum(until) }, { merge: true });',
      '',
    ],
    ['lifts every suppression with an undo', "'suppressions.unsubscribed': nothing", 'suppressions: nothing'],
    ['keeps the pause after an undo', ', pausedUntil: nothing }', ' }'],
  ),
  ...mutantsOf('adapters/firestore/engagements.ts', [
    'forgets the first steps',
    "if (engagement.type === 'signed-up') {",
    'if (false) {',
  ]),
  ...mutantsOf('adapters/firestore/settings.ts', [
    'remembers the pause for an hour',
    '30 * SECOND',
    '3600 * SECOND',
  ]),
  ...mutantsOf('adapters/firestore/quarantine.ts', [
    'keeps quarantined messages forever',
    'Timestamp.fromMillis(now + retention)',
    'Timestamp.fromMillis(now * 2)',
  ]),
];

/** @throws Error when the text to find is not in the source exactly once. */
export function mutate({ name, file, find, replace }: Mutant, source: string): string {
  const [before, after, ...more] = source.split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`The mutant “${name}” must find its text exactly once in ${file}: ${find}`);
  }
  return `${before}${replace}${after}`;
}
