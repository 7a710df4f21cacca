import type { Content, ContentQuestion } from '../domain/content.ts';
import type { Log } from '../log.ts';
import type { Analytics, Templates } from '../ports.ts';

/**
 * What to say: what Analytics proposes in time and in good form, otherwise the static content. Analytics being slow, down,
 * wrong or without an idea never costs a customer the email.
 */
export type ChooseContent = (question: ContentQuestion) => Promise<Content>;

export function createChooseContent({
  analytics,
  templates,
  log,
}: {
  /** Undefined where there is no Analytics: then every email has static content. */
  readonly analytics: Analytics | undefined;
  readonly templates: Templates;
  readonly log: Log;
}): ChooseContent {
  async function proposedContent(question: ContentQuestion): Promise<Content | undefined> {
    if (analytics === undefined) return undefined;
    try {
      const proposed = await analytics.ask(question);
      if (proposed !== undefined) return templates.contentFrom(proposed, question);
      log.contentFallback(question, 'nothing-to-say');
    } catch (error) {
      log.contentFallback(question, error);
    }
    return undefined;
  }

  return async (question) => (await proposedContent(question)) ?? templates.staticContent(question);
}
