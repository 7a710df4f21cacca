import type { Firestore } from '@google-cloud/firestore';
import { firestoreOutreachLedger } from '../../functions/src/adapters/firestore/outreach-ledger.ts';
import { loadCompiledTemplates } from '../../functions/src/adapters/liquid/compiled-templates.ts';
import { liquidTemplates } from '../../functions/src/adapters/liquid/templates.ts';
import type { OutreachPolicy } from '../../functions/src/domain/outreach.ts';
import type { SendOutcome } from '../../functions/src/domain/email.ts';
import type { Log } from '../../functions/src/log.ts';
import type { Mailer } from '../../functions/src/ports.ts';
import type { SendEmail } from '../../functions/src/usecases/send-email.ts';
import { deliveryPolicy } from './customers.ts';
import { day, hour, now } from './transactions.ts';

export const templates = liquidTemplates(loadCompiledTemplates());

/** The defaults. */
export const outreachPolicy: OutreachPolicy = {
  cooldown: 7 * day,
  maxEmails: 4,
  maxTransactionAge: 48 * hour,
};

export const accepted: SendOutcome = { kind: 'accepted', messageId: 'message-1' };

/** What sending emails needs, all of it real but the mailer; no Analytics, and a clock that stands still. */
export function sendingNeeds(firestore: Firestore, log: Log, mailer: Mailer): SendEmail {
  return {
    ledger: firestoreOutreachLedger(firestore, 400 * day),
    analytics: undefined,
    templates,
    mailer,
    delivery: deliveryPolicy,
    chance: () => 0,
    sender: { name: 'Farmacy Family', postalAddress: '1 Garden Way, Springfield' },
    joinLink: 'https://farmacy.example/join',
    unsubscribeLinkFor: (id) => `https://farmacy.example/unsubscribe?token=${id}.signed`,
    clock: () => now,
    log,
  };
}
