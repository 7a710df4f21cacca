/** gRPC status codes (https://grpc.io/docs/guides/status-codes/). */
export const status = { notFound: 5, permissionDenied: 7, unauthenticated: 16 } as const;

/** What went wrong, in words of the person who can do something about it. */
export function explained(error: unknown, topic: string, file = 'the file'): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return `There is no file ${file}.`;
    case 'EACCES':
    case 'EISDIR':
      return `${file} cannot be read: ${error.message}`;
    case status.notFound:
      return (
        `There is no topic ${topic} there. On the emulator the functions make it: is npm start up? ` +
        `In the cloud: gcloud pubsub topics list --project PROJECT`
      );
    case status.permissionDenied:
      return `You may not publish to the topic ${topic}: it takes the role roles/pubsub.publisher.`;
  }
  if (isLoginMissing(error)) return LOGIN_ADVICE;
  return typeof code === 'number' ? `Publishing failed: ${error.message}` : error.message;
}

export const LOGIN_ADVICE =
  'Nobody is logged in to Google Cloud on this machine: gcloud auth application-default login';

export function isLoginMissing(error: Error): boolean {
  const unauthenticated = 'code' in error && error.code === status.unauthenticated;
  return unauthenticated || /default credentials/iu.test(error.message);
}
