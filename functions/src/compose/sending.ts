import type { Firestore } from '@google-cloud/firestore';
import { analyticsClient } from '../adapters/analytics/client.ts';
import { firestoreOutreachLedger } from '../adapters/firestore/outreach-ledger.ts';
import { firestoreSendingSwitch } from '../adapters/firestore/settings.ts';
import { loadCompiledTemplates } from '../adapters/liquid/compiled-templates.ts';
import { liquidTemplates } from '../adapters/liquid/templates.ts';
import { sendgridMailer } from '../adapters/sendgrid/mailer.ts';
import type { SendingConfig } from '../config/sending.ts';
import { signToken } from '../domain/signed-token.ts';
import { log } from '../log.ts';
import { createChooseContent } from '../usecases/choose-content.ts';
import { createSendEmail } from '../usecases/send-email.ts';

/** Composes the parts that both functions that send emails share. */
export function composeSending(firestore: Firestore, config: SendingConfig) {
  const ledger = firestoreOutreachLedger(firestore, config.emailRetention);
  const sendingSwitch = firestoreSendingSwitch(firestore, Date.now);
  const templates = liquidTemplates(loadCompiledTemplates());
  const chooseContent = createChooseContent({
    analytics: config.analytics && analyticsClient(config.analytics),
    templates,
    log,
  });
  const sendEmail = createSendEmail({
    ledger,
    chooseContent,
    templates,
    letterhead: {
      sender: config.sender,
      joinLink: config.joinLink,
      unsubscribeLinkFor: (emailId) => unsubscribeLink(config.unsubscribe, emailId),
    },
    sendingSwitch,
    mailer: sendgridMailer(config.sendgrid),
    policy: config.sendingPolicy,
    clock: Date.now,
    chance: Math.random,
    log,
  });
  return { ledger, sendingSwitch, sendEmail };
}

function unsubscribeLink({ url, tokenKey }: { url: string; tokenKey: string }, emailId: string): string {
  const link = new URL(url);
  link.searchParams.set('token', signToken('unsubscribe', emailId, tokenKey));
  return link.href;
}
