import { day, hour, minute } from '../transactions.ts';
import type { SendgridFaultMode } from './fault-modes.ts';
import type { Move, Rules, Schedule } from './moves.ts';

const rules: Rules = {
  webhookConfigured: true,
  cooldown: 7 * day,
  maxEmails: 4,
  maxAttempts: 30,
  batchSize: 10,
  concurrency: 1,
};

const buy: Move = { move: 'buy', buyer: 0, source: 'smart-fridge', age: 0, calls: 9 };
const finish: Move = { move: 'advance', pick: 0, calls: 9 };
/** The event of the latest change is delivered, and its run stops after this many calls. */
const notify = (calls: number): Move => ({ move: 'notify', pick: 0, again: false, calls });
const resume = (calls: number): Move => ({ move: 'resume', calls });
const passTime = (time: number): Move => ({ move: 'pass-time', time });
const sendgrid = (mode: SendgridFaultMode): Move => ({
  move: 'set-fault-modes',
  sendgrid: mode,
  analytics: 'no-content',
});

const cases: Readonly<Record<string, readonly Move[]>> = {
  'the outreach changes between the read and the claim': [
    { move: 'lift', buyer: 0 },
    buy,
    notify(1),
    { move: 'suppress', buyer: 0 },
    finish,
  ],
  'the outreach is created between a read that found none and the claim': [
    buy,
    notify(1),
    { move: 'suppress', buyer: 0 },
    finish,
  ],
  'two runs decide on changes of one customer at the same time': [
    buy,
    notify(1),
    buy,
    notify(1),
    { move: 'advance', pick: 1, calls: 9 },
    finish,
  ],
  'a run stops between its claim and sending until its lease has ended': [
    buy,
    notify(2),
    passTime(6 * minute),
    resume(9),
    finish,
  ],
  'a run sends an email again and ends before the run that claimed it': [
    buy,
    notify(2),
    passTime(30 * minute),
    resume(9),
    { move: 'finish-all' },
    passTime(25 * hour),
    resume(9),
  ],
  'the webhook reports an email while a run is about to give it up': [
    sendgrid('losing-answers'),
    buy,
    notify(9),
    passTime(5 * day),
    resume(1),
    { move: 'report-delivery', pick: 0 },
    finish,
  ],
  'an instance crashes after SendGrid has accepted the email and before the ledger says so': [
    buy,
    notify(4),
    { move: 'crash', pick: 0 },
    passTime(6 * minute),
    resume(9),
    passTime(25 * hour),
    resume(9),
  ],
  'two runs take up the same email': [
    sendgrid('unavailable'),
    buy,
    notify(9),
    sendgrid('accepting'),
    passTime(30 * minute),
    resume(1),
    resume(9),
    { move: 'advance', pick: 1, calls: 9 },
    finish,
  ],
  'a customer unsubscribes while their email waits for SendGrid': [
    sendgrid('unavailable'),
    buy,
    notify(9),
    sendgrid('accepting'),
    { move: 'suppress', buyer: 0 },
    passTime(30 * minute),
    resume(9),
  ],
};

/** One race each, which random schedules rarely reach. Each is played with a webhook and without. */
export const hardCases: readonly { readonly name: string; readonly schedule: Schedule }[] = Object.entries(
  cases,
).flatMap(([race, moves]) =>
  [true, false].map((webhookConfigured) => ({
    name: `${race} (${webhookConfigured ? 'with' : 'without'} a webhook)`,
    schedule: { withFaults: true, rules: { ...rules, webhookConfigured }, moves },
  })),
);
