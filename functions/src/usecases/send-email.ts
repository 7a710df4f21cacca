import type { Content, ContentQuestion } from '../domain/content.ts';
import {
  stateAfter,
  type ClaimedEmail,
  type EmailState,
  type SendingPolicy,
  type SendOutcome,
} from '../domain/email.ts';
import type { Recipient } from '../domain/outreach.ts';
import type { Clock } from '../domain/time.ts';
import type { Log } from '../log.ts';
import type { Mailer, OutgoingEmail, OutreachLedger, Sender, SendingSwitch, Templates } from '../ports.ts';
import type { ChooseContent } from './choose-content.ts';

/**
 * Sends a claimed email and writes the outcome to the ledger. Never throws: after any failure the ledger has the state from
 * which `resumeEmails` finishes the email.
 */
export type SendEmail = (email: ClaimedEmail, recipient: Recipient) => Promise<void>;

/** What every email contains besides its content. */
interface Letterhead {
  readonly sender: Sender;
  /** Where the button of an email leads. */
  readonly joinLink: string;
  /** The signed link by which the recipient of an email unsubscribes. */
  readonly unsubscribeLinkFor: (emailId: string) => string;
}

export interface SendEmailDependencies {
  readonly ledger: OutreachLedger;
  readonly chooseContent: ChooseContent;
  readonly templates: Templates;
  readonly letterhead: Letterhead;
  readonly sendingSwitch: SendingSwitch;
  readonly mailer: Mailer;
  readonly policy: SendingPolicy;
  readonly clock: Clock;
  /** A random number from 0 to 1. */
  readonly chance: () => number;
  readonly log: Log;
}

export function createSendEmail({
  ledger,
  chooseContent,
  templates,
  letterhead,
  sendingSwitch,
  mailer,
  policy,
  clock,
  chance,
  log,
}: SendEmailDependencies): SendEmail {
  async function prepare(email: ClaimedEmail, recipient: Recipient): Promise<Prepared> {
    try {
      const content = await chooseContent(questionAbout(email, recipient));
      return { content, outgoing: render(email, recipient, content) };
    } catch (error) {
      log.emailNotRendered(email, error);
      return {};
    }
  }

  function render({ emailId }: ClaimedEmail, recipient: Recipient, content: Content): OutgoingEmail {
    const { address, locale, name } = recipient;
    const { sender, joinLink, unsubscribeLinkFor } = letterhead;
    const unsubscribeLink = unsubscribeLinkFor(emailId);
    const rendered = templates.render({
      content,
      locale,
      ...(name !== undefined && { name }),
      links: { join: joinLink, unsubscribe: unsubscribeLink },
      sender,
    });
    return { ...rendered, emailId, to: address, category: content.template, unsubscribeLink };
  }

  async function handOver({ outgoing }: Prepared, paused: boolean): Promise<SendOutcome> {
    if (outgoing === undefined) return notSent('not-rendered');
    // Due at once: resumeEmails takes nothing up during a pause, and everything after it.
    return paused ? { ...notSent('sending-paused'), retryAt: clock() } : mailer.send(outgoing);
  }

  async function settle(email: ClaimedEmail, state: EmailState, content: Content | undefined): Promise<void> {
    try {
      await ledger.settle(email.emailId, state, content);
      log.emailSettled(email, state, content);
    } catch (error) {
      log.emailNotSettled(email, error);
    }
  }

  return async (email, recipient) => {
    const [prepared, paused] = await Promise.all([prepare(email, recipient), sendingSwitch.isPaused()]);
    // After its lease has ended, another run may have taken the email up, so this one must not send it.
    if (clock() >= email.dueAt) return log.emailLeaseLost(email);
    const outcome = await handOver(prepared, paused);
    await settle(email, stateAfter(outcome, email, policy, clock(), chance()), prepared.content);
  };
}

interface Prepared {
  readonly content?: Content;
  /** Absent when the email could not be rendered. */
  readonly outgoing?: OutgoingEmail;
}

/** The outcome of an email that was certainly not sent: it is tried again, as after an outage of SendGrid. */
function notSent(reason: string) {
  return { kind: 'not-accepted', reason } as const;
}

function questionAbout(email: ClaimedEmail, { locale, latestTransaction }: Recipient): ContentQuestion {
  const { customerId, stage, sequence } = email;
  return {
    customerId,
    stage,
    locale,
    sequence,
    ...(latestTransaction && { transaction: latestTransaction }),
  };
}
