/** Errors of Google's clients, explained to the person who can do something about them. */

/** gRPC status codes (https://grpc.io/docs/guides/status-codes/). */
const status = { notFound: 5, permissionDenied: 7, unauthenticated: 16 } as const;

const SIGN_IN = 'This machine is not signed in to Google Cloud: run gcloud auth application-default login';

/** What Google's libraries say without credentials, and when a login has expired (RFC 6749, 5.2: invalid_grant). */
const NOT_SIGNED_IN = /default credentials|invalid_grant|invalid_rapt/iu;

/** Explains an error of Pub/Sub. */
export function explainPublishingError(error: unknown, topic: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case status.notFound:
      return (
        `There is no topic ${topic} there. On the emulator, npm start creates it: is it running? ` +
        `In the cloud, list the topics: gcloud pubsub topics list --project PROJECT`
      );
    case status.permissionDenied:
      return `You may not publish to the topic ${topic}: you need the role roles/pubsub.publisher.`;
  }
  const message = generalExplanation(error);
  return typeof code === 'number' && message !== SIGN_IN ? `Publishing failed: ${message}` : message;
}

/** Explains an error of Firestore, or any other error of a command. */
export function explainDatabaseError(error: unknown): string {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case status.notFound:
      return 'This project has no Firestore database: is it the right project?';
    case status.permissionDenied:
      return 'You may not use the database of this project: you need the role roles/datastore.user.';
    default:
      return generalExplanation(error);
  }
}

function generalExplanation(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const unauthenticated = 'code' in error && error.code === status.unauthenticated;
  return unauthenticated || NOT_SIGNED_IN.test(error.message) ? SIGN_IN : error.message;
}

/** Explains why this machine could not sign in to Google Cloud. */
export function explainSignIn(error: unknown): string {
  const explanation = generalExplanation(error);
  return explanation === SIGN_IN ? SIGN_IN : `Signing in to Google Cloud failed: ${explanation}`;
}
