/** The quarantine, for the person who works with it. docs/architecture.md describes its documents. */
import type { DocumentData, DocumentSnapshot, Firestore, Query, Timestamp } from '@google-cloud/firestore';
import { attributesFrom, type StoredAttribute } from '../../functions/src/adapters/firestore/quarantine.ts';
import { countOf } from '../target/queries.ts';

/** What is known of a message apart from its content. */
export interface Entry {
  readonly id: string;
  readonly receivedAt: Date;
  readonly reason: string;
  readonly topic: string;
  /** Of the data, in bytes. */
  readonly size: number;
  /** One line for each fault. */
  readonly details: readonly string[];
}

/** A message with its content. */
export interface QuarantinedMessage extends Entry {
  readonly messageId: string;
  readonly expireAt: Date;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Buffer;
  /** Whether only the beginning of the data was kept. */
  readonly truncated: boolean;
}

/** Which messages are meant: all of them, or those with a reason. */
export interface Selection {
  readonly reason?: string | undefined;
}

const shown = ['receivedAt', 'reason', 'topic', 'size', 'details'];

export class QuarantineStore {
  readonly #firestore: Firestore;
  /** The target in words. */
  readonly description: string;

  constructor(firestore: Firestore, description: string) {
    this.#firestore = firestore;
    this.description = description;
  }

  count(selection: Selection): Promise<number> {
    return countOf(this.#select(selection));
  }

  /** The newest messages first, at most `limit`. */
  async newest(selection: Selection, limit: number): Promise<Entry[]> {
    const query = this.#select(selection).orderBy('receivedAt', 'desc').limit(limit);
    return (await query.select(...shown).get()).docs.map((document) =>
      entryFrom(document.id, document.data()),
    );
  }

  /** The IDs of all messages that are there now. */
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

  #select({ reason }: Selection): Query {
    const all = this.#firestore.collection('quarantine');
    return reason === undefined ? all : all.where('reason', '==', reason);
  }

  #document(id: string) {
    return this.#firestore.collection('quarantine').doc(id);
  }
}

function messageFrom(document: DocumentSnapshot): QuarantinedMessage {
  const fields = document.data() ?? {};
  return {
    ...entryFrom(document.id, fields),
    messageId: fields['messageId'] as string,
    expireAt: (fields['expireAt'] as Timestamp).toDate(),
    attributes: attributesFrom(fields['attributes'] as StoredAttribute[]),
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
