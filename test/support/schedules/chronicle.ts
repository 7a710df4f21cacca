import { createHash } from 'node:crypto';
import { eventOf } from '../../../local/cloud/document-events.ts';
import type { Change } from '../../../local/cloud/firestore/committer.ts';
import { decodeDocumentEvent } from '../../../functions/src/framework/document-event.ts';
import type { DocumentChange } from '../../../functions/src/ports.ts';
import type { Fact, StoredEmail } from './history.ts';
import { presentTime } from './virtual-world.ts';

/** The event of one write to a customer, as Eventarc delivers it. */
export interface CustomerEvent {
  readonly body: Uint8Array;
  acknowledged: boolean;
}

/** Everything that happens in one schedule, in its order: writes, facts and log lines. */
export class Chronicle {
  readonly history: Fact[] = [];
  readonly customerEvents: CustomerEvent[] = [];
  /** How many emails could not be rendered. */
  renderingFailures = 0;
  /** When something is to be done about an email or first steps, in epoch ms, by the path of the document. */
  readonly #due = new Map<string, number>();
  readonly #trace = createHash('sha256');

  /** A digest of everything so far. The same schedule always has the same. */
  digest(): string {
    return this.#trace.copy().update(JSON.stringify(this.history)).digest('hex');
  }

  /** When something is to be done about an email or first steps, in epoch ms; undefined when nothing is. */
  nextDue(): number | undefined {
    return this.#due.size === 0 ? undefined : Math.min(...this.#due.values());
  }

  /** A line of the functions' log. */
  log(line: string): void {
    this.#trace.update(`${line}\n`);
    if (line.includes('"email-not-rendered"')) this.renderingFailures += 1;
  }

  /** A write to a document. */
  write(change: Change): void {
    const { seconds = '', nanos = 0 } = change.commitTime;
    const after = JSON.stringify(change.after?.fields);
    this.#trace.update(`${seconds}.${nanos} ${change.path} ${after}\n`);
    const [collection = ''] = change.path.split('/');
    this.#noteDue(change, dueFields[collection]);
    if (collection !== 'customers' && collection !== 'emails') return;
    const { body } = eventOf(change);
    if (collection === 'customers') this.customerEvents.push({ body, acknowledged: false });
    else this.history.push(...factsAboutEmail(decodeDocumentEvent(body), presentTime()));
  }

  #noteDue({ path, after }: Change, field: string | undefined): void {
    const due = field === undefined ? undefined : after?.fields[field];
    if (due?.valueType === 'integerValue') this.#due.set(path, Number(due.integerValue));
    else this.#due.delete(path);
  }
}

/** The field of each collection with the time when something is due. */
const dueFields: Readonly<Record<string, string>> = { emails: 'dueAt', outreach: 'firstStepsDueAt' };

function factsAboutEmail({ before, after }: DocumentChange, at: number): Fact[] {
  const [was, is] = [before as StoredEmail | undefined, after as StoredEmail | undefined];
  if (is === undefined) throw new Error('An email was deleted.');
  if (was === undefined) return [{ fact: 'claimed', at, email: is }];
  if (is.attempts !== was.attempts) return [{ fact: 'taken-up', at, email: is }];
  const { emailId } = is;
  const becomesKnown =
    (is.status === 'accepted' && was.status !== 'accepted') || is['heardOfAt'] !== was['heardOfAt'];
  return [
    ...(becomesKnown ? [{ fact: 'known-accepted', emailId } as const] : []),
    ...(is.status !== was.status || is.dueAt !== was.dueAt
      ? [{ fact: 'settled', at, before: was, after: is } as const]
      : []),
  ];
}
