import { composeQuarantineDeadLetter } from '../compose/quarantine-dead-letter.ts';
import { topics } from '../domain/published-message.ts';
import { onMessage } from '../framework/on-message.ts';
import { decodeDeadLetter } from '../messages/dead-letter.ts';

/** Quarantines the dead letters of the topic `transactions`. Pub/Sub delivers a dead letter until that succeeds. */
export const onDeadTransactionPublished = onMessage({
  functionName: 'quarantineDeadLetter',
  topic: topics.transactionsDeadLetters,
  decode: decodeDeadLetter,
  compose: () => composeQuarantineDeadLetter(topics.transactions),
});

/** Quarantines the dead letters of the topic `engagements`. */
export const onDeadEngagementPublished = onMessage({
  functionName: 'quarantineDeadEngagement',
  topic: topics.engagementsDeadLetters,
  decode: decodeDeadLetter,
  compose: () => composeQuarantineDeadLetter(topics.engagements),
});
