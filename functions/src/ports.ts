/** What the use cases need from outside. Adapters implement these interfaces. */
import type { AttributableEmail } from './domain/attribution.ts';
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

/** What became of a transaction that was to be stored. */
export type Recording = 'recorded' | 'duplicate' | 'conflict';

export interface TransactionStore {
  /**
   * Stores a transaction once and updates its customer, in one atomic commit.
   * @throws RetryableError when the store cannot be reached.
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

/** What was read, together with the version that was read: the precondition of writing on top of it. */
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
  /** Writes what became of a claimed email. */
  settle(emailId: string, state: EmailState, content: Content | undefined): Promise<void>;
  /** The open emails whose time has come, the longest waiting first. */
  dueEmails(now: EpochMs, limit: number): Promise<Versioned<OpenEmail>[]>;
  /** Claims an open email for another attempt. False when it has changed since it was read. */
  takeUp(email: ClaimedEmail, due: Versioned<OpenEmail>): Promise<boolean>;
  /** Writes a new state of an open email without another attempt. False when it has changed since it was read. */
  settleUnchanged(due: Versioned<OpenEmail>, state: EmailState): Promise<boolean>;
  /** The customers who are to be shown the first steps by now, the longest waiting first. */
  dueFirstSteps(now: EpochMs, limit: number): Promise<DueFirstSteps[]>;
  /** Puts the first steps off, unless the outreach has changed since it was read. */
  postponeFirstSteps(due: DueFirstSteps, until: EpochMs): Promise<void>;
  /** Settles that there are no first steps to show, unless the outreach has changed since it was read. */
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
   * @throws RetryableError when the store cannot be reached.
   */
  record(record: EngagementRecord): Promise<void>;
}

export interface ConversionLedger {
  /**
   * Credits the sign-up of a customer to the email that `choose` picks from all of theirs, and to no other.
   * @returns the ID of the credited email; undefined when there is none, or when the customer has not signed up.
   * @throws RetryableError when the ledger cannot be reached.
   */
  credit(
    customerId: string,
    choose: (emails: readonly AttributableEmail[], signedUpAt: EpochMs) => string | undefined,
  ): Promise<string | undefined>;
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

/** What customers want. Every method throws a RetryableError when the store cannot be reached. */
export interface SubscriptionStore {
  read(customerId: string): Promise<Suppression | undefined>;
  /** @param emailId the email whose link was used; the ledger notes that with it, if it is still there. */
  stop(emailId: string, at: EpochMs): Promise<void>;
  /** A longer pause that exists already stays. */
  pause(customerId: string, until: EpochMs): Promise<void>;
  /** Takes back what the customer wanted, and leaves every other reason to write no more. */
  resume(customerId: string): Promise<void>;
}

/** The page behind the unsubscribe link, as HTML. */
export interface UnsubscribePages {
  /** Of the only style sheet in the pages, as a Content Security Policy names it. */
  readonly styleHash: string;
  forRecipient(recipient: SubscriptionSummary, shown: PageSettings): string;
  /** In every language, because the reader is unknown. */
  forAnyone(view: 'incompleteLink' | 'tryLater'): string;
}

interface PageSettings {
  readonly locale: Locale;
  /** Whether the recipient has just taken back a choice. */
  readonly undone: boolean;
  /** Where the page is found in another language. */
  readonly linkIn: (locale: Locale) => string;
}

/** The neighbouring component that knows what a customer is best told. */
export interface Analytics {
  /**
   * What it proposes to say, or undefined when it has nothing to say.
   * @throws RetryableError on a timeout, an error, or an answer that cannot be read.
   * @throws PermanentError naming every fault of an answer that breaks the contract.
   */
  ask(question: ContentQuestion): Promise<ProposedContent | undefined>;
}

/** What a template needs beside its content. */
export interface Letter {
  readonly content: Content;
  readonly locale: Locale;
  /** The recipient's name, as a source wrote it: hostile until escaped. */
  readonly name?: string;
  readonly links: { readonly join: string; readonly unsubscribe: string };
  readonly sender: Sender;
}

/** Who writes, as emails and pages show it. */
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
  /** What to say without Analytics. Always has an answer. */
  staticContent(question: ContentQuestion): Content;
  /**
   * Makes content of what Analytics proposes.
   * @throws PermanentError naming every fault, when it does not fit the template it names.
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

/** A person's way to stop all emails at once. */
export interface SendingSwitch {
  /** Never throws: while the switch cannot be read, sending counts as paused. */
  isPaused(): Promise<boolean>;
}

export interface Mailer {
  /** Never throws: every way it can end is an outcome. */
  send(email: OutgoingEmail): Promise<SendOutcome>;
}

/** Both methods throw a RetryableError when not everything could be stored; storing it again does no harm. */
export interface DeliveryStore {
  /**
   * Merges reports into the emails.
   * @returns the IDs of those that are not in the ledger: nothing is kept of them.
   */
  merge(reports: readonly EmailReport[]): Promise<ReadonlySet<string>>;
  /** @param customers by customer ID. */
  suppress(customers: ReadonlyMap<string, Suppressions>): Promise<void>;
}

/** How a request to the webhook proves its origin, as its headers have it. */
export interface WebhookSignature {
  readonly signature: string;
  readonly timestamp: string;
}

/** Whether a request to the webhook was signed by SendGrid, and recently. */
export type WebhookVerifier = (
  signature: WebhookSignature,
  body: Uint8Array,
) => 'genuine' | 'forged' | 'outdated';
