import type { Choice } from '../../../functions/src/domain/subscription.ts';
import { day, hour, minute } from '../transactions.ts';
import type { SendgridFaultMode } from './fault-modes.ts';
import { ALL, type Move, type Rules, type Schedule } from './moves.ts';

const rules: Rules = {
  webhookConfigured: true,
  cooldown: 7 * day,
  maxEmails: 4,
  maxAttempts: 30,
  batchSize: 10,
  concurrency: 1,
};

const buy: Move = { move: 'buy', buyer: 0, source: 'smart-fridge', age: 0, calls: ALL };
const finish: Move = { move: 'advance', pick: 0, calls: ALL };
/** The event of the latest change is delivered, and its run stops after this many calls. */
const notify = (calls: number): Move => ({ move: 'notify', pick: 0, again: false, calls });
const resume = (calls: number): Move => ({ move: 'resume', calls });
const choose = (choice: Choice): Move => ({ move: 'choose', buyer: 0, choice, calls: ALL });
const passTime = (time: number): Move => ({ move: 'pass-time', time });
const sendgrid = (mode: SendgridFaultMode): Move => ({
  move: 'set-fault-modes',
  sendgrid: mode,
  analytics: 'no-content',
});

const cases: Readonly<Record<string, readonly Move[]>> = {
  'the outreach changes between the read and the claim': [
    choose('undo'),
    buy,
    notify(1),
    choose('stop'),
    finish,
  ],
  'the outreach is created between a read that found none and the claim': [
    buy,
    notify(1),
    choose('stop'),
    finish,
  ],
  'two runs decide on changes of one customer at the same time': [
    buy,
    notify(1),
    buy,
    notify(1),
    { move: 'advance', pick: 1, calls: ALL },
    finish,
  ],
  'a run stops between its claim and sending until its lease has ended': [
    buy,
    notify(2),
    passTime(6 * minute),
    resume(ALL),
    finish,
  ],
  'a run sends an email again and ends before the run that claimed it': [
    buy,
    notify(2),
    passTime(30 * minute),
    resume(ALL),
    { move: 'finish-all' },
    passTime(25 * hour),
    resume(ALL),
  ],
  'the webhook reports an email while a run is about to give it up': [
    sendgrid('losing-answers'),
    buy,
    notify(ALL),
    passTime(5 * day),
    resume(2),
    { move: 'report', pick: 0, kinds: ['delivered'], calls: ALL },
    finish,
  ],
  'an instance is killed after SendGrid has accepted the email and before the ledger says so': [
    buy,
    notify(5),
    { move: 'kill', pick: 0 },
    passTime(6 * minute),
    resume(ALL),
    passTime(25 * hour),
    resume(ALL),
  ],
  'two runs take up the same email': [
    sendgrid('unavailable'),
    buy,
    notify(ALL),
    sendgrid('accepting'),
    passTime(30 * minute),
    resume(2),
    resume(ALL),
    { move: 'advance', pick: 1, calls: ALL },
    finish,
  ],
  'a customer unsubscribes while their email waits for SendGrid': [
    sendgrid('unavailable'),
    buy,
    notify(ALL),
    sendgrid('accepting'),
    choose('stop'),
    passTime(30 * minute),
    resume(ALL),
  ],
};

/** One race each, which random schedules rarely reach. Each is played with a webhook and without. */
export const hardCases: readonly { readonly name: string; readonly schedule: Schedule }[] = Object.entries(
  cases,
).flatMap(([race, moves]) =>
  [true, false].map((webhookConfigured) => ({
    name: `${race} (${webhookConfigured ? 'with' : 'without'} a webhook)`,
    schedule: { withFaults: true, seed: 1, rules: { ...rules, webhookConfigured }, moves },
  })),
);
