import type { ProposedContent } from '../../../functions/src/domain/content.ts';
import type { SendOutcome } from '../../../functions/src/domain/email.ts';
import { RetryableError } from '../../../functions/src/errors.ts';
import { fittingAnswer } from '../letters.ts';
import { hour } from '../transactions.ts';

/** How SendGrid does. The last two look alike from here: no answer, once with the email taken and once without. */
export const sendgridWeathers = [
  'taking',
  'refusing',
  'unavailable',
  'limiting',
  'losing-answers',
  'losing-requests',
] as const;
export type SendgridWeather = (typeof sendgridWeathers)[number];

/** How Analytics does. */
export const analyticsWeathers = ['answering', 'speechless', 'wrong', 'unavailable'] as const;
export type AnalyticsWeather = (typeof analyticsWeathers)[number];

/** What SendGrid does with an email, and what is heard of it here. @param now epoch milliseconds. */
export function sendgridIn(
  weather: SendgridWeather,
  now: number,
): { readonly taken: boolean; readonly outcome: SendOutcome } {
  const reason = weather;
  switch (weather) {
    case 'taking':
      return { taken: true, outcome: { kind: 'accepted', messageId: 'message' } };
    case 'refusing':
      return { taken: false, outcome: { kind: 'refused', reason } };
    case 'unavailable':
      return { taken: false, outcome: { kind: 'not-accepted', reason } };
    case 'limiting':
      return { taken: false, outcome: { kind: 'not-accepted', reason, retryAt: now + hour } };
    case 'losing-answers':
      return { taken: true, outcome: { kind: 'ambiguous', reason } };
    case 'losing-requests':
      return { taken: false, outcome: { kind: 'ambiguous', reason } };
  }
}

/** What Analytics answers. @throws RetryableError when it is unavailable. */
export function analyticsIn(weather: AnalyticsWeather): ProposedContent | undefined {
  if (weather === 'unavailable') throw new RetryableError('Analytics is unavailable.');
  if (weather === 'answering') return fittingAnswer;
  return weather === 'wrong' ? { ...fittingAnswer, template: 'ransom' } : undefined;
}
