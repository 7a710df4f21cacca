/** What the use cases need from outside. Adapters implement these interfaces. */
import type { AttributableEmail, Credit } from './domain/attribution.ts';
import type { Content, ContentQuestion, Locale, ProposedContent } from './domain/content.ts';
import type { Customer } from './domain/customer.ts';
import type { EmailReport, Suppressions } from './domain/delivery.ts';
import type { ClaimedEmail, EmailState, OpenEmail, SendOutcome } from './domain/email.ts';
import type { EngagementRecord } from './domain/engagement.ts';
import type { Outreach, Suppression } from './domain/outreach.ts';
import type { PublishedMessage } from './domain/published-message.ts';
import type { MessageFault } from './domain/quarantine.ts';
import type { SubscriptionSummary } from './domain/subscription.ts';
import type { EpochMs } from './domain/time.ts';
import type { TransactionRecord } from './domain/transaction-record.ts';

/** The result of recording a transaction. */
export type Recording = 'recorded' | 'duplicate' | 'conflict';

export interface TransactionStore {
  /**
   * Stores a transaction once and updates its customer, in one atomic commit.
   * @throws RetryableError when the store cannot be reached, and PermanentError when it cannot hold the transaction.
   */
  record(record: TransactionRecord): Promise<Recording>;
}

export interface Quarantine {
  /**
   * Keeps a message that cannot succeed. Keeping the same message again changes nothing.
   * @throws RetryableError when the store cannot be reached.
   */
  keep(message: PublishedMessage, fault: MessageFault): Promise<void>;
}

/** The topic `transactions`, as a publisher sees it. */
export interface TransactionPublisher {
  /**
   * Resolves with the ID of the message once Pub/Sub has acknowledged it.
   * @throws RetryableError when it has not: the message may still have been published.
   */
  publish(data: Uint8Array, attributes: Readonly<Record<string, string>>): Promise<string>;
}

/** A stored value with its version, which is the precondition of a write that is based on it. */
export interface Versioned<T> {
  readonly value: T;
  /** Opaque; undefined when nothing is stored yet. */
  readonly version: string | undefined;
}

/** Every method throws a RetryableError when the ledger cannot be reached. */
export interface OutreachLedger {
  read(customerId: string): Promise<Versioned<Outreach | undefined>>;
  /** Makes the intent to send one email durable. False when another run has claimed or changed something first. */
  claim(email: ClaimedEmail, basedOn: Versioned<Outreach | undefined>): Promise<boolean>;
  /** Writes the state of a claimed email. */
  settle(emailId: string, state: EmailState, content: Content | undefined): Promise<void>;
  /** The open emails that are due, the longest waiting first. */
  dueEmails(now: EpochMs, limit: number): Promise<Versioned<OpenEmail>[]>;
  /** Claims an open email for another attempt. False when it has changed since it was read. */
  takeUp(email: ClaimedEmail, due: Versioned<OpenEmail>): Promise<boolean>;
  /** Writes a new state of an open email without another attempt. False when it has changed since it was read. */
  settleUnchanged(due: Versioned<OpenEmail>, state: EmailState): Promise<boolean>;
  /** The customers whose first steps are due, the longest waiting first. */
  dueFirstSteps(now: EpochMs, limit: number): Promise<DueFirstSteps[]>;
  /** Postpones the first steps, unless the outreach has changed since it was read. */
  postponeFirstSteps(due: DueFirstSteps, until: EpochMs): Promise<void>;
  /** Drops the first steps, unless the outreach has changed since it was read. */
  dropFirstSteps(due: DueFirstSteps): Promise<void>;
}

/** A customer who signed up some days ago. */
export interface DueFirstSteps {
  readonly customerId: string;
  readonly outreach: Versioned<Outreach>;
}

export interface EngagementStore {
  /**
   * Updates a customer. Recording the same engagement again changes nothing.
   * @throws RetryableError when the store cannot be reached, and PermanentError when it cannot hold the engagement.
   */
  record(record: EngagementRecord): Promise<void>;
}

export interface ConversionLedger {
  /**
   * Credits the sign-up of a customer to the email that `choose` picks from all of theirs, and to no other.
   * @returns what changed; undefined when no email is credited that was not credited before.
   * @throws RetryableError when the ledger cannot be reached.
   */
  credit(
    customerId: string,
    choose: (emails: readonly AttributableEmail[], signedUpAt: EpochMs) => string | undefined,
  ): Promise<Credit | undefined>;
}

/** The fields of a document as plain values: numbers, strings, booleans, null, arrays, maps; times as epoch ms. */
export type DocumentFields = Readonly<Record<string, unknown>>;

/** One write to one document. */
export interface DocumentChange {
  readonly documentId: string;
  /** Undefined when the write created the document. */
  readonly before: DocumentFields | undefined;
  /** Undefined when the write deleted the document. */
  readonly after: DocumentFields | undefined;
}

export interface CustomerStore {
  /** @throws RetryableError when the store cannot be reached. */
  read(customerId: string): Promise<Customer | undefined>;
}

/** The choices of customers about emails. Every method throws a RetryableError when the store cannot be reached. */
export interface SubscriptionStore {
  read(customerId: string): Promise<Suppression | undefined>;
  /** @param emailId the email whose link was used; it is marked in the ledger, if it is still there. */
  stop(emailId: string, at: EpochMs): Promise<void>;
  /** Keeps an existing pause that is longer. */
  pause(customerId: string, until: EpochMs): Promise<void>;
  /** Undoes the choice of the customer, and leaves every other suppression. */
  resume(customerId: string): Promise<void>;
}

/** The page behind the unsubscribe link, as HTML. */
export interface UnsubscribePages {
  /** The hash of the one style sheet in the pages, in the format of a Content Security Policy. */
  readonly styleHash: string;
  forRecipient(recipient: SubscriptionSummary, shown: PageSettings): string;
  /** A page in every language, because the reader is unknown. */
  forAnyone(view: 'incompleteLink' | 'tryLater'): string;
}

interface PageSettings {
  readonly locale: Locale;
  /** Whether the recipient has just undone a choice. */
  readonly undone: boolean;
  /** The link to the page in another language. */
  readonly linkIn: (locale: Locale) => string;
}

/** The neighbouring component that proposes the best content for a customer. */
export interface Analytics {
  /**
   * The proposed content, or undefined when there is none.
   * @throws RetryableError on a timeout, an error, or an answer that cannot be read.
   * @throws PermanentError naming every fault of an answer that breaks the contract.
   */
  ask(question: ContentQuestion): Promise<ProposedContent | undefined>;
}

/** Content, with everything else that a template needs. */
export interface Letter {
  readonly content: Content;
  readonly locale: Locale;
  /** The recipient's name, as a source wrote it, so it must be escaped. */
  readonly name?: string;
  readonly links: { readonly join: string; readonly unsubscribe: string };
  readonly sender: Sender;
}

/** The sender that emails and pages show. */
export interface Sender {
  readonly name: string;
  readonly postalAddress: string;
}

export interface RenderedEmail {
  /** One line, of at most 60 characters wherever the content allows it. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface Templates {
  /** The content without Analytics. */
  staticContent(question: ContentQuestion): Content;
  /**
   * Turns the proposal of Analytics into content.
   * @throws PermanentError naming every fault, when the proposal does not fit its template.
   */
  contentFrom(proposed: ProposedContent, question: ContentQuestion): Content;
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

/** The switch by which an operator pauses all sending. */
export interface SendingSwitch {
  /** Never throws: while the switch cannot be read, sending counts as paused. */
  isPaused(): Promise<boolean>;
}

export interface Mailer {
  /** Never throws: every result is an outcome. */
  send(email: OutgoingEmail): Promise<SendOutcome>;
}

/** Both methods throw a RetryableError when a write fails; storing everything again does no harm. */
export interface DeliveryStore {
  /**
   * Merges reports into the emails.
   * @returns the IDs of emails that are not in the ledger, whose reports are not kept.
   */
  merge(reports: readonly EmailReport[]): Promise<ReadonlySet<string>>;
  /** @param customers by customer ID. */
  suppress(customers: ReadonlyMap<string, Suppressions>): Promise<void>;
}

/** The headers by which a request to the webhook proves its origin. */
export interface WebhookSignature {
  readonly signature: string;
  readonly timestamp: string;
}

/** Whether a request to the webhook was signed by SendGrid, and recently. */
export type WebhookVerifier = (
  signature: WebhookSignature,
  body: Uint8Array,
) => 'genuine' | 'forged' | 'outdated';
