import { composeRecordEngagement } from '../compose/record-engagement.ts';
import { topics } from '../domain/published-message.ts';
import { onMessage } from '../framework/on-message.ts';
import { decodeEngagement } from '../messages/engagement.ts';

/** Records each engagement that the app publishes. */
export const onEngagementPublished = onMessage({
  functionName: 'recordEngagement',
  topic: topics.engagements,
  decode: ({ data }, now) => decodeEngagement(data, now),
  compose: composeRecordEngagement,
});
