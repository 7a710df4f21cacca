import { day, hour, minute } from '../transactions.ts';
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
const goOn: Move = { move: 'go', pick: 0, calls: 9 };
/** The latest change is told, and its run stands still after so many calls of its ports. */
const notify = (calls: number): Move => ({ move: 'notify', pick: 0, again: false, calls });
const resume = (calls: number): Move => ({ move: 'resume', calls });
const pass = (time: number): Move => ({ move: 'pass', time });
const sendgrid = (weather: (Move & { move: 'weather' })['sendgrid']): Move => ({
  move: 'weather',
  sendgrid: weather,
  analytics: 'speechless',
});

const cases: Readonly<Record<string, readonly Move[]>> = {
  'the outreach is changed between reading it and claiming': [
    { move: 'lift', buyer: 0 },
    buy,
    notify(1),
    { move: 'suppress', buyer: 0 },
    goOn,
  ],
  'the outreach is begun by somebody else between finding none and claiming': [
    buy,
    notify(1),
    { move: 'suppress', buyer: 0 },
    goOn,
  ],
  'two changes of one customer are decided on at the same time': [
    buy,
    notify(1),
    buy,
    notify(1),
    { move: 'go', pick: 1, calls: 9 },
    goOn,
  ],
  'a run stands still between its claim and sending until its lease has ended': [
    buy,
    notify(2),
    pass(6 * minute),
    resume(9),
    goOn,
  ],
  'an email is sent again by a run that its claimer outlives': [
    buy,
    notify(2),
    pass(30 * minute),
    resume(9),
    { move: 'rush' },
    pass(25 * hour),
    resume(9),
  ],
  'the webhook tells of an email while a run is about to give it up': [
    sendgrid('losing-answers'),
    buy,
    notify(9),
    pass(5 * day),
    resume(1),
    { move: 'hear', pick: 0 },
    goOn,
  ],
  'an instance dies after SendGrid has taken the email, and before it could say so': [
    buy,
    notify(4),
    { move: 'crash', pick: 0 },
    pass(6 * minute),
    resume(9),
    pass(25 * hour),
    resume(9),
  ],
  'two runs take up the same email': [
    sendgrid('unavailable'),
    buy,
    notify(9),
    sendgrid('taking'),
    pass(30 * minute),
    resume(1),
    resume(9),
    { move: 'go', pick: 1, calls: 9 },
    goOn,
  ],
  'somebody unsubscribes while their email waits for SendGrid': [
    sendgrid('unavailable'),
    buy,
    notify(9),
    sendgrid('taking'),
    { move: 'suppress', buyer: 0 },
    pass(30 * minute),
    resume(9),
  ],
};

/** Schedules that chance finds rarely, each played with the webhook set up and without: one race each. */
export const hardCases: readonly { readonly name: string; readonly schedule: Schedule }[] = Object.entries(
  cases,
).flatMap(([what, moves]) =>
  [true, false].map((webhookConfigured) => ({
    name: `${what} (${webhookConfigured ? 'with' : 'without'} a webhook)`,
    schedule: { calm: false, rules: { ...rules, webhookConfigured }, moves },
  })),
);
