import type { Mailer, SendingSwitch } from '../ports.ts';

/** Hands nothing over while sending is paused. Such an email has certainly not left, and waits as for SendGrid. */
export function pausableMailer(mailer: Mailer, sendingSwitch: SendingSwitch): Mailer {
  return {
    async send(email) {
      if (await sendingSwitch.isPaused()) return { kind: 'not-accepted', reason: 'sending-paused' };
      return mailer.send(email);
    },
  };
}
