import { mutantsOf, type Mutant } from './mutant.ts';

/** Faults in the Firestore adapters. */
export const adapterMutants: readonly Mutant[] = [
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
