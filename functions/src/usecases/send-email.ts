import { localeFor, type Content, type ContentQuestion } from '../domain/content.ts';
import type { Customer } from '../domain/customer.ts';
import {
  stateAfter,
  type ClaimedEmail,
  type DeliveryPolicy,
  type EmailState,
  type SendOutcome,
} from '../domain/email.ts';
import type { Log } from '../log.ts';
import type { Clock, Letter, Mailer, OutgoingEmail, OutreachLedger } from '../ports.ts';
import { chooseContent, type ChooseContent } from './choose-content.ts';

export interface SendEmail extends ChooseContent {
  readonly ledger: OutreachLedger;
  readonly mailer: Mailer;
  readonly delivery: DeliveryPolicy;
  readonly sender: Letter['sender'];
  readonly joinLink: string;
  /** The link by which the recipient of an email stops all of them, signed. */
  readonly unsubscribeLinkFor: (emailId: string) => string;
  readonly clock: Clock;
  /** 0 to 1, drawn at random. */
  readonly chance: () => number;
  readonly log: Log;
}

/**
 * Sends an email that has been claimed, and writes what became of it into the ledger. Never throws: whatever
 * happens here, the ledger says how far it came, and that is what gets the email finished.
 */
export async function sendEmail(email: ClaimedEmail, customer: Customer, to: SendEmail): Promise<void> {
  const prepared = await prepare(email, customer, to);
  // Whoever stood still for longer than the lease may have been replaced, and must not send any more.
  if (to.clock() >= email.dueAt) return to.log.emailLeaseLost(email);
  const outcome = prepared.email ? await to.mailer.send(prepared.email) : notRendered;
  const state = stateAfter(outcome, email, to.delivery, to.clock(), to.chance());
  await settle(email, state, prepared.content, to);
}

/** It waits for the repair as it would wait for SendGrid: nothing has left yet. */
const notRendered: SendOutcome = { kind: 'not-accepted', reason: 'not-rendered' };

interface Prepared {
  readonly content?: Content;
  /** Absent when it could not be rendered. */
  readonly email?: OutgoingEmail;
}

async function prepare(email: ClaimedEmail, customer: Customer, to: SendEmail): Promise<Prepared> {
  try {
    const content = await chooseContent(questionAbout(email, customer), to);
    return { content, email: outgoing(email, customer, content, to) };
  } catch (error) {
    to.log.emailNotRendered(email, error);
    return {};
  }
}

async function settle(email: ClaimedEmail, state: EmailState, content: Content | undefined, to: SendEmail) {
  try {
    await to.ledger.settle(email.emailId, state, content);
    to.log.emailSettled(email, state, content);
  } catch (error) {
    to.log.emailNotSettled(email, error);
  }
}

function questionAbout({ stage, sequence }: ClaimedEmail, customer: Customer): ContentQuestion {
  const { customerId, locale, latestTransaction } = customer;
  return {
    customerId,
    stage,
    locale: localeFor(locale),
    sequence,
    ...(latestTransaction && { transaction: latestTransaction }),
  };
}

function outgoing(email: ClaimedEmail, customer: Customer, content: Content, to: SendEmail): OutgoingEmail {
  const unsubscribe = to.unsubscribeLinkFor(email.emailId);
  const rendered = to.templates.render({
    content,
    locale: localeFor(customer.locale),
    ...(customer.name && { name: customer.name }),
    links: { join: to.joinLink, unsubscribe },
    sender: to.sender,
  });
  return {
    ...rendered,
    emailId: email.emailId,
    // The decision to send has made sure of an address.
    to: customer.email ?? '',
    category: content.template,
    unsubscribeLink: unsubscribe,
  };
}
