import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MailDev, type Servers } from 'maildev';
import { LOOPBACK } from '../../../operations/target/local-stack.ts';
import { createTransport, type SendMailOptions } from 'nodemailer';

/** How many emails are kept: MailDev holds them in memory, about 100 kB each. */
const CAPACITY = 500;

/** Where a developer reads the emails that customers would get. */
export interface Inbox {
  /** The address of its web page. */
  readonly url: string;
  /** Resolves when the email can be read in the inbox. */
  deliver(email: SendMailOptions): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts MailDev on two local ports, where 0 takes a free one. Closing it deletes the emails.
 * @param capacity how many emails it keeps; the oldest are dropped first.
 */
export async function startInbox(ports: { web: number; smtp: number }, capacity = CAPACITY): Promise<Inbox> {
  const mailDirectory = await mkdtemp(join(tmpdir(), 'farmacy-inbox-'));
  const maildev = new MailDev({
    smtp: ports.smtp,
    web: ports.web,
    ip: LOOPBACK,
    webIp: LOOPBACK,
    silent: true,
    maxEmails: capacity,
    mailDirectory,
  });
  const { smtp, api } = await startQuietly(maildev).catch(async (error: unknown) => {
    await rm(mailDirectory, { recursive: true, force: true });
    throw error;
  });
  const transport = createTransport({ host: LOOPBACK, port: smtp.getPort(), pool: true, ignoreTLS: true });
  return {
    url: `http://${LOOPBACK}:${api?.getAddress()?.port ?? ports.web}`,
    async deliver(email) {
      await transport.sendMail(email);
    },
    async close() {
      transport.close();
      await maildev.stop();
      await rm(mailDirectory, { recursive: true, force: true });
    },
  };
}

/** MailDev prints the address of its web page even with `silent`. */
async function startQuietly(maildev: MailDev): Promise<Servers> {
  const { info } = console;
  console.info = () => undefined;
  try {
    return await maildev.start();
  } finally {
    console.info = info;
  }
}
