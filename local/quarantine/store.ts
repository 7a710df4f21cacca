/** The quarantine, as a person works with it. docs/architecture.md says what its documents hold. */
import type { DocumentData, DocumentSnapshot, Firestore, Query, Timestamp } from '@google-cloud/firestore';
import { openDatabase } from '../database/open.ts';

/** What may be seen of a message without seeing what is in it. */
export interface Entry {
  readonly id: string;
  readonly receivedAt: Date;
  readonly reason: string;
  readonly topic: string;
  /** Bytes of data. */
  readonly size: number;
  /** One line a fault. */
  readonly details: readonly string[];
}

/** A message with all there is to it. */
export interface QuarantinedMessage extends Entry {
  readonly messageId: string;
  readonly expireAt: Date;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Buffer;
  /** Whether it was larger than what is kept of it. */
  readonly truncated: boolean;
}

/** Which messages are meant: all of them, or those of one reason. */
export interface Selection {
  readonly reason?: string | undefined;
}

const shown = ['receivedAt', 'reason', 'topic', 'size', 'details'];

export class QuarantineStore {
  readonly #firestore: Firestore;
  /** For people: where it is. */
  readonly description: string;

  constructor(firestore: Firestore, description: string) {
    this.#firestore = firestore;
    this.description = description;
  }

  async count(selection: Selection): Promise<number> {
    return (await this.#select(selection).count().get()).data().count;
  }

  /** The newest first, `limit` of them at the most. */
  async newest(selection: Selection, limit: number): Promise<Entry[]> {
    const query = this.#select(selection).orderBy('receivedAt', 'desc').limit(limit);
    return (await query.select(...shown).get()).docs.map((document) =>
      entryFrom(document.id, document.data()),
    );
  }

  /** The IDs of all that are there now; what comes later is not among them. */
  async ids(selection: Selection): Promise<string[]> {
    return (await this.#select(selection).select().get()).docs.map(({ id }) => id);
  }

  /** Undefined when there is none with this ID. */
  async read(id: string): Promise<QuarantinedMessage | undefined> {
    const document = await this.#document(id).get();
    return document.exists ? messageFrom(document) : undefined;
  }

  /** False when there was none with this ID. */
  async remove(id: string): Promise<boolean> {
    const document = this.#document(id);
    const { exists } = await document.get();
    await document.delete();
    return exists;
  }

  close(): Promise<void> {
    return this.#firestore.terminate();
  }

  #select({ reason }: Selection): Query {
    const all = this.#firestore.collection('quarantine');
    return reason === undefined ? all : all.where('reason', '==', reason);
  }

  #document(id: string) {
    return this.#firestore.collection('quarantine').doc(id);
  }
}

/**
 * The quarantine of an emulator or of the cloud: see findPlace.
 * @throws Error saying what to do when there is neither.
 */
export async function openQuarantine(project: string | undefined): Promise<QuarantineStore> {
  const { firestore, place } = await openDatabase(project);
  return new QuarantineStore(firestore, place.description);
}

function messageFrom(document: DocumentSnapshot): QuarantinedMessage {
  const fields = document.data() ?? {};
  return {
    ...entryFrom(document.id, fields),
    messageId: fields['messageId'] as string,
    expireAt: (fields['expireAt'] as Timestamp).toDate(),
    attributes: fields['attributes'] as Record<string, string>,
    data: fields['data'] as Buffer,
    truncated: fields['truncated'] as boolean,
  };
}

function entryFrom(id: string, fields: DocumentData): Entry {
  return {
    id,
    receivedAt: (fields['receivedAt'] as Timestamp).toDate(),
    reason: fields['reason'] as string,
    topic: fields['topic'] as string,
    size: fields['size'] as number,
    details: fields['details'] as string[],
  };
}
