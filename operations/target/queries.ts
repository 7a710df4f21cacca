import type { Query, QueryDocumentSnapshot } from '@google-cloud/firestore';

/** The documents that a query finds, one at a time: the result may be larger than memory. */
export async function* streamOf(query: Query): AsyncGenerator<QueryDocumentSnapshot> {
  // The declared type of the stream promises text; it yields snapshots, as documented.
  for await (const document of query.stream()) yield document as unknown as QueryDocumentSnapshot;
}

/** How many documents a query finds. */
export async function countOf(query: Query): Promise<number> {
  return (await query.count().get()).data().count;
}
