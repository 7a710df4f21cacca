import type { MailDataRequired } from '@sendgrid/mail';
import type { Clock } from '../../domain/time.ts';
import type { Mailer, OutgoingEmail } from '../../ports.ts';
import { sendgridHttpClient, type SendgridConfig } from './http-client.ts';
import { outcomeOfAnswer, outcomeOfFailure } from './outcome.ts';

/**
 * Hands emails to SendGrid's `POST /v3/mail/send`, one request for each email, never retried here.
 * @param clock for the time that SendGrid names for another attempt.
 */
export function sendgridMailer(config: SendgridConfig, clock: Clock = Date.now): Mailer {
  const post = sendgridHttpClient(config);
  return {
    async send(email) {
      try {
        return outcomeOfAnswer(await post(mailData(email, config)), config.sandbox, clock());
      } catch (failure) {
        return outcomeOfFailure(failure);
      }
    },
  };
}

/**
 * The email in the format of @sendgrid/mail. SendGrid shows the template's name in its statistics and repeats the email's ID in
 * its events, which say nothing about the customer. SendGrid's own unsubscribe footer is off, because the email has its own link.
 * The settings of the account decide whether opens and clicks are tracked, so that its owner can change that without a deployment.
 */
function mailData(email: OutgoingEmail, { sender, sandbox }: SendgridConfig): MailDataRequired {
  return {
    from: { email: sender.email, name: sender.name },
    // Inside the personalization: @sendgrid/mail sends headers of the email as headers of the request too.
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
