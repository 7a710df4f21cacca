import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import { answers, LOOPBACK } from '../../../operations/target/local-stack.ts';
import { Service } from '../../stack/service.ts';
import { repository } from '../../toolchain/environment.ts';

const maildev = path.join(repository, 'node_modules/maildev/dist/bin/maildev.js');

/** How many emails are kept: MailDev holds them in memory, about 100 kB each. */
const CAPACITY = 500;

/**
 * Where a developer reads the emails that customers would get: MailDev, in a process of its own, because it takes a second to
 * load. Stopping it deletes the emails.
 */
export class Inbox {
  /** The address of its web page. */
  readonly url: string;
  readonly #service: Service;
  readonly #ready: Promise<void>;
  readonly #transport: Transporter;

  /**
   * Starts it on two local ports, without waiting until it is ready.
   * @param capacity how many emails it keeps; the oldest are dropped first.
   */
  constructor(ports: { readonly web: number; readonly smtp: number }, capacity = CAPACITY) {
    const { web, smtp } = ports;
    const folder = mkdtempSync(path.join(tmpdir(), 'farmacy-inbox-'));
    const addresses = `--ip ${LOOPBACK} --smtp ${smtp} --web-ip ${LOOPBACK} --web ${web}`.split(' ');
    const storage = ['--max-emails', `${capacity}`, '--mail-directory', folder];
    this.url = `http://${LOOPBACK}:${web}`;
    this.#service = new Service({
      name: 'The inbox',
      command: process.execPath,
      args: [maildev, '--silent', ...addresses, ...storage],
      env: { PATH: process.env['PATH'] },
      afterwards: () => rm(folder, { recursive: true, force: true }),
    });
    this.#ready = this.#service.ready(async () => (await answers(web)) && (await answers(smtp)));
    // Deliveries throw the error.
    this.#ready.catch(() => undefined);
    this.#transport = createTransport({ host: LOOPBACK, port: smtp, pool: true, ignoreTLS: true });
  }

  /** Resolves when the email can be read in the inbox. @throws Error with MailDev's output when it does not start. */
  async deliver(email: SendMailOptions): Promise<void> {
    await this.#ready;
    await this.#transport.sendMail(email);
  }

  /** Resolves when it has ended by itself, even while it started; pending otherwise. */
  unexpectedEnd(): Promise<Error> {
    return this.#service.unexpectedEnd();
  }

  async close(): Promise<void> {
    this.#transport.close();
    await this.#service.stop();
  }
}
