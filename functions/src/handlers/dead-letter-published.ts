import { composeQuarantineDeadLetter } from '../compose.ts';
import { topics } from '../messages/pubsub-event.ts';
import { quarantineDeadLetter } from '../usecases/quarantine-dead-letter.ts';
import { onPublished } from './on-published.ts';

/** Pub/Sub gave up a message of the topic `transactions`. It tries this one for as long as it takes. */
export const onDeadTransactionPublished = onPublished({
  functionName: 'quarantineDeadLetter',
  topic: topics.transactionsDeadLetters,
  compose: composeQuarantineDeadLetter,
  story: (message, to) => quarantineDeadLetter(message, topics.transactions, to),
});

/** Pub/Sub gave up a message of the topic `engagements`. */
export const onDeadEngagementPublished = onPublished({
  functionName: 'quarantineDeadEngagement',
  topic: topics.engagementsDeadLetters,
  compose: composeQuarantineDeadLetter,
  story: (message, to) => quarantineDeadLetter(message, topics.engagements, to),
});
