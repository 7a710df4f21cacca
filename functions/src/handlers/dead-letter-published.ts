import { composeQuarantineDeadLetter } from '../compose/quarantine-dead-letter.ts';
import { topics } from '../domain/published-message.ts';
import { onMessage } from '../framework/on-message.ts';
import { decodeDeadLetter } from '../messages/dead-letter.ts';

/** Pub/Sub gave up a message of the topic `transactions`. It delivers this one for as long as it takes. */
export const onDeadTransactionPublished = onMessage({
  functionName: 'quarantineDeadLetter',
  topic: topics.transactionsDeadLetters,
  decode: decodeDeadLetter,
  compose: () => composeQuarantineDeadLetter(topics.transactions),
});

/** Pub/Sub gave up a message of the topic `engagements`. */
export const onDeadEngagementPublished = onMessage({
  functionName: 'quarantineDeadEngagement',
  topic: topics.engagementsDeadLetters,
  decode: decodeDeadLetter,
  compose: () => composeQuarantineDeadLetter(topics.engagements),
});
