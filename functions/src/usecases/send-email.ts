import { localeFor, type Content, type ContentQuestion } from '../domain/content.ts';
import type { Customer } from '../domain/customer.ts';
import { stateAfter, type EmailState, type NewEmail, type SendOutcome } from '../domain/email.ts';
import type { Log } from '../log.ts';
import type { Clock, Letter, Mailer, OutgoingEmail, OutreachLedger } from '../ports.ts';
import { chooseContent, type ChooseContent } from './choose-content.ts';

export interface SendEmail extends ChooseContent {
  readonly ledger: OutreachLedger;
  readonly mailer: Mailer;
  readonly sender: Letter['sender'];
  readonly joinLink: string;
  /** The link by which the owner of a customer ID stops all emails, signed. */
  readonly unsubscribeLinkFor: (customerId: string) => string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Sends an email that has been claimed, and writes what became of it into the ledger. Never throws: whatever
 * happens here, the ledger says how far it came, and that is what gets the email finished.
 */
export async function sendEmail(email: NewEmail, customer: Customer, to: SendEmail): Promise<void> {
  let content: Content | undefined;
  let outcome: SendOutcome;
  try {
    content = await chooseContent(questionAbout(email, customer), to);
    outcome = await to.mailer.send(outgoing(email, customer, content, to));
  } catch (error) {
    // Nothing has left yet: the mailer itself never throws.
    to.log.emailNotRendered(email, error);
    outcome = { kind: 'not-accepted', reason: 'not-rendered' };
  }
  const state = stateAfter(outcome, to.clock());
  await settle(email, state, content, to);
  to.log.emailSettled(email, state, content);
}

async function settle(email: NewEmail, state: EmailState, content: Content | undefined, to: SendEmail) {
  try {
    await to.ledger.settle(email.emailId, state, content);
  } catch (error) {
    to.log.emailNotSettled(email, error);
  }
}

function questionAbout({ stage, sequence }: NewEmail, customer: Customer): ContentQuestion {
  const { customerId, locale, latestTransaction } = customer;
  return {
    customerId,
    stage,
    locale: localeFor(locale),
    sequence,
    ...(latestTransaction && { transaction: latestTransaction }),
  };
}

function outgoing(email: NewEmail, customer: Customer, content: Content, to: SendEmail): OutgoingEmail {
  const unsubscribe = to.unsubscribeLinkFor(email.customerId);
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
