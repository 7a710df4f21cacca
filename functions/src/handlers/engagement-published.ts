import { composeRecordEngagement } from '../compose.ts';
import { topics } from '../messages/pubsub-event.ts';
import { recordEngagement } from '../usecases/record-engagement.ts';
import { onPublished } from './on-published.ts';

/** A message arrived on the topic `engagements`. */
export const onEngagementPublished = onPublished({
  functionName: 'recordEngagement',
  topic: topics.engagements,
  compose: composeRecordEngagement,
  story: recordEngagement,
});
