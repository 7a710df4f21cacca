import type { Content, ContentQuestion } from '../domain/content.ts';
import type { Log } from '../log.ts';
import type { Analytics, Templates } from '../ports.ts';

/**
 * The content of an email: a valid proposal that Analytics makes in time, or else static content. An email never fails because
 * Analytics is slow, down, wrong or without a proposal.
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
