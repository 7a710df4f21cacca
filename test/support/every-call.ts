/**
 * A program that makes every kind of call with the clients of the functions, and prints the results as JSON. The test of the
 * archive bundles it as the functions are bundled. It starts more calls at once than a channel carries, so that Firestore's
 * client also opens and closes channels.
 */
import { PubSub } from '@google-cloud/pubsub';
import { firestoreClient } from '../../functions/src/adapters/firestore/client.ts';

const [firestore, pubsub] = [firestoreClient(), new PubSub()];
const things = firestore.collection('things');
await Promise.all(Array.from({ length: 250 }, (_, n) => things.doc(`thing-${n}`).create({ n })));
const again: unknown = await things
  .doc('thing-1')
  .create({ n: 1 })
  .catch((error: unknown) => (error as { code: number }).code);
const { size } = await things.where('n', '<', 100).orderBy('n').get();
const counted = (await things.count().get()).data().count;
await firestore.runTransaction(async (transaction) => {
  const n = (await transaction.get(things.doc('thing-1'))).get('n') as number;
  transaction.update(things.doc('thing-2'), { n });
});
const rolledBack: unknown = await firestore
  .runTransaction(async (transaction) => {
    await transaction.get(things.doc('thing-1'));
    throw new Error('rolled back');
  })
  .catch((error: unknown) => (error as Error).message);
const writer = firestore.bulkWriter();
await Promise.all([writer.set(things.doc('thing-3'), { n: 3 }), writer.close()]);
await things.doc('thing-1').collection('parts').doc('part-1').create({});
const documents = (await things.listDocuments()).length;
const collections = [
  ...(await things.doc('thing-1').listCollections()),
  ...(await firestore.listCollections()).filter(({ id }) => id === 'things'),
].map(({ id }) => id);
const listened = await new Promise((resolve, reject) => {
  const stop = things.doc('thing-3').onSnapshot((snapshot) => {
    stop();
    resolve(snapshot.get('n'));
  }, reject);
});
const [topic] = await pubsub.createTopic('things');
const published = (await topic.publishMessage({ json: {} })) !== '';
await Promise.all([firestore.terminate(), pubsub.close()]);
const results = { again, size, counted, rolledBack, documents, collections, listened, published };
process.stdout.write(JSON.stringify(results));
