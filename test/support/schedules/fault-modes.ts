import type { ProposedContent } from '../../../functions/src/domain/content.ts';
import type { SendOutcome } from '../../../functions/src/domain/email.ts';
import { RetryableError } from '../../../functions/src/errors.ts';
import { samplesOf } from '../../../template-compiler/samples.ts';
import { Sources } from '../../../template-compiler/sources.ts';
import { hour } from '../transactions.ts';

/**
 * How a call can fail: before it has had any effect, or after it has had all of it. Firestore's client repeats a call after
 * `refused` and `interrupted`; after `answer-lost` it does not repeat a commit.
 */
export type Fault = 'refused' | 'answer-lost' | 'interrupted';
export const faults: readonly Fault[] = ['refused', 'answer-lost', 'interrupted'];

/**
 * How SendGrid behaves; the first is healthy. The last two look alike to the caller, who gets no answer: SendGrid has
 * accepted the email in the one and has not in the other.
 */
export const sendgridFaultModes = [
  'accepting',
  'refusing',
  'unavailable',
  'rate-limiting',
  'losing-answers',
  'losing-requests',
] as const;
export type SendgridFaultMode = (typeof sendgridFaultModes)[number];

/** How Analytics behaves; the first two are healthy. */
export const analyticsFaultModes = ['answering', 'no-content', 'wrong-template', 'unavailable'] as const;
export type AnalyticsFaultMode = (typeof analyticsFaultModes)[number];

/** The present fault modes, which a schedule changes. */
export interface FaultModes {
  sendgrid: SendgridFaultMode;
  analytics: AnalyticsFaultMode;
}

/** Whether SendGrid accepts an email, and what the caller learns of it. @param now epoch milliseconds. */
export function sendgridResponse(
  mode: SendgridFaultMode,
  now: number,
): { readonly accepted: boolean; readonly outcome: SendOutcome } {
  const reason = mode;
  switch (mode) {
    case 'accepting':
      return { accepted: true, outcome: { kind: 'accepted', messageId: 'message' } };
    case 'refusing':
      return { accepted: false, outcome: { kind: 'refused', reason } };
    case 'unavailable':
      return { accepted: false, outcome: { kind: 'not-accepted', reason } };
    case 'rate-limiting':
      return { accepted: false, outcome: { kind: 'not-accepted', reason, retryAt: now + hour } };
    case 'losing-answers':
      return { accepted: true, outcome: { kind: 'ambiguous', reason } };
    case 'losing-requests':
      return { accepted: false, outcome: { kind: 'ambiguous', reason } };
  }
}

const [sample] = samplesOf('join', new Sources());
if (sample === undefined) throw new Error('templates/join/samples.yaml has no sample');
const fittingAnswer = sample.answer;

/** What Analytics answers. @throws RetryableError when it is unavailable. */
export function analyticsResponse(mode: AnalyticsFaultMode): ProposedContent | undefined {
  if (mode === 'unavailable') throw new RetryableError('Analytics is unavailable.');
  if (mode === 'answering') return fittingAnswer;
  return mode === 'wrong-template' ? { ...fittingAnswer, template: 'ransom' } : undefined;
}
