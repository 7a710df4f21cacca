import type { MailDataRequired } from '@sendgrid/mail';
import type { Clock, Mailer, OutgoingEmail } from '../../ports.ts';
import type { SendgridConfig } from './account.ts';
import type { Exchange } from './exchange.ts';
import { outcomeOfAnswer, outcomeOfFailure } from './outcome.ts';

/**
 * Hands emails to SendGrid's `POST /v3/mail/send`, one request an email, never retried here.
 * @param clock only read to judge the time that SendGrid names for trying again.
 */
export function sendgridMailer(config: SendgridConfig, clock: Clock = Date.now): Mailer {
  let exchange: Promise<Exchange> | undefined;
  return {
    async send(email) {
      try {
        // Loaded by the first email: most instances that start do so for a customer who is not written to.
        exchange ??= import('./exchange.ts').then(({ exchangeWith }) => exchangeWith(config));
        const answer = await (await exchange)(mailData(email, config));
        return outcomeOfAnswer(answer, config.sandbox, clock());
      } catch (failure) {
        return outcomeOfFailure(failure);
      }
    },
  };
}

/**
 * The email in the words of @sendgrid/mail. What SendGrid shows in its statistics and repeats in its events is the
 * template's name and the email's ID: nothing about the customer. SendGrid's own unsubscribe footer is off, because
 * the email has a link of ours. Whether opens and clicks are tracked is left to the settings of the account: it is
 * for the account's owner to decide, and to change without a deployment.
 */
function mailData(email: OutgoingEmail, { sender, sandbox }: SendgridConfig): MailDataRequired {
  return {
    from: { email: sender.email, name: sender.name },
    // Inside the personalization, because @sendgrid/mail repeats headers of the email as headers of the request.
    personalizations: [{ to: { email: email.to }, headers: unsubscribeHeaders(email) }],
    subject: email.subject,
    content: [
      { type: 'text/plain', value: email.text },
      { type: 'text/html', value: email.html },
    ],
    categories: [email.category],
    customArgs: { emailId: email.emailId },
    trackingSettings: { subscriptionTracking: { enable: false } },
    mailSettings: { sandboxMode: { enable: sandbox } },
  };
}

/** One-click unsubscribing from the mail client (RFC 8058). */
function unsubscribeHeaders({ unsubscribeLink }: OutgoingEmail): Record<string, string> {
  return {
    'List-Unsubscribe': `<${unsubscribeLink}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}
