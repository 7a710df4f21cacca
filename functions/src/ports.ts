/** What the use cases need from outside. The adapters fill these; tests may fill them with anything. */
import type { Content, ContentQuestion, Locale } from './domain/content.ts';
import type { AttributableEmail } from './domain/attribution.ts';
import type { Customer, Group } from './domain/customer.ts';
import type { Engagement } from './domain/engagement.ts';
import type { EmailReport, Suppressions } from './domain/delivery.ts';
import type { ClaimedEmail, EmailState, OpenEmail, SendOutcome } from './domain/email.ts';
import type { Outreach, Suppression } from './domain/outreach.ts';
import type { MessageFault } from './domain/quarantine.ts';
import type { Recipient } from './domain/subscription.ts';
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
  /**
   * Keeps a message that cannot succeed. Keeping the same message again changes nothing.
   * @param replayTopic where a replay has to publish it, when that is not the topic it was received from.
   * @throws RetryableError when the store cannot be reached.
   */
  keep(message: PublishedMessage, fault: MessageFault, replayTopic?: string): Promise<void>;
}

/** The topic `transactions`, from the side of who publishes to it. */
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
  readonly version: unknown;
}

/** Every method throws a RetryableError when the ledger cannot be reached. */
export interface OutreachLedger {
  read(customerId: string): Promise<Versioned<Outreach | undefined>>;
  /** Makes the intent to send one email durable. False when somebody else has claimed or changed something first. */
  claim(email: ClaimedEmail, basedOn: Versioned<Outreach | undefined>): Promise<boolean>;
  /** Writes what became of a claimed email. */
  settle(emailId: string, state: EmailState, content: Content | undefined): Promise<void>;
  /** The open emails whose time has come, the longest waiting first. */
  dueEmails(now: number, limit: number): Promise<Versioned<OpenEmail>[]>;
  /** Claims an open email for another attempt. False when it has changed since it was read. */
  takeUp(email: ClaimedEmail, due: Versioned<OpenEmail>): Promise<boolean>;
  /** Those who are to be shown the first steps by now, the longest waiting first. */
  dueFirstSteps(now: number, limit: number): Promise<DueFirstSteps[]>;
  /** Has somebody looked at again later, unless their outreach has changed since it was read. */
  postponeFirstSteps(due: DueFirstSteps, until: number): Promise<void>;
  /** Settles that nobody need look again, unless the outreach has changed since it was read. */
  dropFirstSteps(due: DueFirstSteps): Promise<void>;
  /** Writes a new state of an open email without another attempt. False when it has changed since it was read. */
  settleUnchanged(due: Versioned<OpenEmail>, state: EmailState): Promise<boolean>;
}

/** Somebody who signed up some days ago. */
export interface DueFirstSteps {
  readonly customerId: string;
  readonly outreach: Versioned<Outreach>;
}

/** An engagement with everything that recording it takes. */
export interface EngagementRecord {
  readonly engagement: Engagement;
  readonly customerId: string;
  readonly group: Group;
  /** When the first steps are due if this is a sign-up. Epoch milliseconds. */
  readonly firstStepsDueAt: number;
}

export interface EngagementStore {
  /**
   * Brings a customer up to date. Recording the same engagement again changes nothing.
   * @throws RetryableError when the store cannot be reached.
   */
  record(record: EngagementRecord): Promise<void>;
}

export interface ConversionLedger {
  /**
   * Credits the sign-up of a customer to the email that `choose` picks from all of theirs, and to no other.
   * @returns the ID of the credited email, or undefined when there is none or nobody signed up.
   * @throws RetryableError when the ledger cannot be reached.
   */
  credit(
    customerId: string,
    choose: (emails: readonly AttributableEmail[], signedUpAt: number) => string | undefined,
  ): Promise<string | undefined>;
}

export interface CustomerStore {
  /** @throws RetryableError when the store cannot be reached. */
  read(customerId: string): Promise<Customer | undefined>;
}

/** What customers want. Every method throws a RetryableError when the store cannot be reached. */
export interface SubscriptionStore {
  read(customerId: string): Promise<Suppression | undefined>;
  /** @param emailId of the email that made its recipient ask for it; the email is told so, if it is still there. */
  stop(emailId: string, at: number): Promise<void>;
  /** @param until epoch milliseconds; a longer pause that there is already stays. */
  pause(customerId: string, until: number): Promise<void>;
  /** Takes back what the customer wanted, and leaves every other reason to write no more. */
  resume(customerId: string): Promise<void>;
}

/** The page behind the unsubscribe link, as HTML. */
export interface UnsubscribePages {
  /** Of the only style sheet in the pages, as a Content Security Policy names it. */
  readonly styleHash: string;
  forRecipient(recipient: Recipient, shown: PageSettings): string;
  /** In every language, for nobody knows who is reading. */
  forAnybody(view: 'incompleteLink' | 'tryLater'): string;
}

interface PageSettings {
  readonly locale: Locale;
  /** Whether the recipient has just taken back a choice. */
  readonly undone: boolean;
  /** Where the page is found in another language. */
  readonly linkIn: (locale: Locale) => string;
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

/** A person's way to stop all emails at once. */
export interface SendingSwitch {
  /** Never throws: when nobody can tell, nothing is sent. */
  isPaused(): Promise<boolean>;
}

export interface Mailer {
  /** Never throws: every way it can end is an outcome. */
  send(email: OutgoingEmail): Promise<SendOutcome>;
}

/** Both methods throw a RetryableError when not everything could be stored; storing it again does no harm. */
export interface DeliveryStore {
  /** Merges what is reported into the emails. Returns the IDs of those that are not in the ledger: nothing is kept of them. */
  merge(reports: readonly EmailReport[]): Promise<ReadonlySet<string>>;
  /** @param customers by customer ID. */
  suppress(customers: ReadonlyMap<string, Suppressions>): Promise<void>;
}

/** What a request to the webhook proves its origin with, as its headers have it. */
export interface WebhookSignature {
  readonly signature: string;
  readonly timestamp: string;
}

/** Whether a request to the webhook was signed by SendGrid, and lately. */
export type WebhookVerifier = (
  signature: WebhookSignature,
  body: Uint8Array,
) => 'genuine' | 'forged' | 'outdated';
