/** What the use cases need from outside. The adapters fill these; tests may fill them with anything. */
import type { Content, ContentQuestion, Locale } from './domain/content.ts';
import type { EmailState, NewEmail, SendOutcome } from './domain/email.ts';
import type { Outreach } from './domain/outreach.ts';
import type { MessageFault } from './domain/quarantine.ts';
import type { TransactionRecord } from './domain/transaction-record.ts';
import type { PublishedMessage } from './messages/pubsub-event.ts';

/** Now, in epoch milliseconds. */
export type Clock = () => number;

/** What became of a transaction that was to be stored. */
export type Recording = 'recorded' | 'duplicate' | 'conflict';

export interface TransactionStore {
  /**
   * Stores a transaction once and brings its customer up to date, in one atomic commit.
   * @throws RetryableError when the store cannot be reached.
   */
  record(record: TransactionRecord): Promise<Recording>;
}

export interface Quarantine {
  /** Keeps a message that can never succeed. Keeping the same message again changes nothing. */
  keep(message: PublishedMessage, fault: MessageFault): Promise<void>;
}

/** The outreach of one customer together with its version, the precondition of the next claim. */
export interface VersionedOutreach {
  readonly outreach: Outreach | undefined;
  /** Opaque; undefined when nothing is stored yet. */
  readonly version: unknown;
}

export interface OutreachLedger {
  read(customerId: string): Promise<VersionedOutreach>;
  /**
   * Makes the intent to send one email durable. False when somebody else claimed first.
   * @throws RetryableError when the ledger cannot be reached: nothing has been claimed for certain.
   */
  claim(email: NewEmail, basedOn: VersionedOutreach): Promise<boolean>;
  /** Writes what became of a claimed email. */
  settle(emailId: string, state: EmailState, content: Content | undefined): Promise<void>;
}

/** The neighbouring component that knows what a customer should be told. */
export interface Analytics {
  /**
   * Its answer, unchecked, or undefined when it has nothing to say.
   * @throws RetryableError on a timeout, an error or an answer that cannot be read.
   */
  ask(question: ContentQuestion): Promise<unknown>;
}

/** What a template needs beside its content. */
export interface Letter {
  readonly content: Content;
  readonly locale: Locale;
  /** The recipient's name, as a source wrote it: hostile until escaped. */
  readonly name?: string;
  readonly links: { readonly join: string; readonly unsubscribe: string };
  readonly sender: { readonly name: string; readonly postalAddress: string };
}

export interface RenderedEmail {
  /** One line, at most 60 characters wherever the content allows it. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface Templates {
  /** What to say without Analytics. Always has an answer. */
  staticContent(question: ContentQuestion): Content;
  /**
   * Turns an answer of Analytics into content.
   * @throws PermanentError naming every fault, when it does not fit the template it names.
   */
  contentFrom(answer: unknown, question: ContentQuestion): Content;
  /** @throws PermanentError when the template cannot be rendered with this content. */
  render(letter: Letter): RenderedEmail;
}

/** An email ready to be handed over. */
export interface OutgoingEmail extends RenderedEmail {
  readonly emailId: string;
  readonly to: string;
  readonly category: string;
  readonly unsubscribeLink: string;
}

export interface Mailer {
  /** Never throws: every way it can end is an outcome. */
  send(email: OutgoingEmail): Promise<SendOutcome>;
}
