import type { Content, ContentQuestion } from '../domain/content.ts';
import type { Log } from '../log.ts';
import type { Analytics, Templates } from '../ports.ts';

export interface ChooseContent {
  /** Absent where there is no Analytics: then everybody gets static content. */
  readonly analytics: Analytics | undefined;
  readonly templates: Templates;
  readonly log: Log;
}

/**
 * What to say: what Analytics answers in time and in good form, else the static catalogue. Analytics being slow,
 * down, wrong or speechless never costs a customer the email.
 */
export async function chooseContent(question: ContentQuestion, from: ChooseContent): Promise<Content> {
  return (await askAnalytics(question, from)) ?? from.templates.staticContent(question);
}

async function askAnalytics(question: ContentQuestion, from: ChooseContent): Promise<Content | undefined> {
  if (from.analytics === undefined) return undefined;
  try {
    const answer = await from.analytics.ask(question);
    if (answer === undefined) {
      from.log.contentFallback(question, 'nothing-to-say');
      return undefined;
    }
    return from.templates.contentFrom(answer, question);
  } catch (error) {
    from.log.contentFallback(question, error);
    return undefined;
  }
}
