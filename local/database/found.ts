import type { Query, QueryDocumentSnapshot } from '@google-cloud/firestore';

/** What a query finds, one document at a time: however much it is, little of it is in memory. */
export async function* found(query: Query): AsyncGenerator<QueryDocumentSnapshot> {
  // The stream's type promises text, and the stream keeps to its documentation.
  for await (const document of query.stream()) yield document as unknown as QueryDocumentSnapshot;
}
