import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MailDev, type Servers } from 'maildev';
import { createTransport, type SendMailOptions } from 'nodemailer';

/** MailDev holds the emails in memory, some 100 kB each: the newest so many stay. */
const CAPACITY = 500;

const LOCALHOST = '127.0.0.1';

/** Where a developer reads what customers would have got. */
export interface Inbox {
  /** The address of its web page. */
  readonly url: string;
  /** Resolves when the email can be read in the inbox. */
  deliver(email: SendMailOptions): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts MailDev, quietly, on two local ports; 0 takes a free one. What it keeps is gone when it is closed.
 * @param capacity how many emails it keeps; the oldest go first.
 */
export async function startInbox(ports: { web: number; smtp: number }, capacity = CAPACITY): Promise<Inbox> {
  const mailDirectory = await mkdtemp(join(tmpdir(), 'farmacy-inbox-'));
  const maildev = new MailDev({
    smtp: ports.smtp,
    web: ports.web,
    ip: LOCALHOST,
    webIp: LOCALHOST,
    silent: true,
    maxEmails: capacity,
    mailDirectory,
  });
  const { smtp, api } = await startQuietly(maildev).catch(async (error: unknown) => {
    await rm(mailDirectory, { recursive: true, force: true });
    throw error;
  });
  const transport = createTransport({ host: LOCALHOST, port: smtp.getPort(), pool: true, ignoreTLS: true });
  return {
    url: `http://${LOCALHOST}:${api?.getAddress()?.port ?? ports.web}`,
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

/** MailDev announces its web page on the console even when it is told to be silent. */
async function startQuietly(maildev: MailDev): Promise<Servers> {
  const { info } = console;
  console.info = () => undefined;
  try {
    return await maildev.start();
  } finally {
    console.info = info;
  }
}
