/** The topics that the functions are subscribed to. The manifest, the infrastructure and the local stack use the same names. */
export const topics = {
  transactions: 'transactions',
  transactionsDeadLetters: 'transactions-dead-letters',
  engagements: 'engagements',
  engagementsDeadLetters: 'engagements-dead-letters',
  resumeEmails: 'resume-emails',
} as const;

/** A message as Pub/Sub delivered it. */
export interface PublishedMessage {
  readonly messageId: string;
  /** Short name of the topic it was published to. */
  readonly topic: string;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
}
