/** gRPC status codes (https://grpc.io/docs/guides/status-codes/). */
const status = { notFound: 5, permissionDenied: 7, unauthenticated: 16 } as const;

/** What went wrong, in words of the person who can do something about it. */
export function explained(error: unknown, topic: string, file: string): string {
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
  if (code === status.unauthenticated || /default credentials/iu.test(error.message)) {
    return 'Nobody is logged in to Google Cloud on this machine: gcloud auth application-default login';
  }
  return typeof code === 'number' ? `Publishing failed: ${error.message}` : error.message;
}
