import { isLoginMissing, LOGIN_ADVICE, status } from '../publishing/publishing-error.ts';

/** What went wrong with the database, in words of the person who can do something about it. */
export function explainedDatabaseError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isLoginMissing(error)) return LOGIN_ADVICE;
  switch ('code' in error ? error.code : undefined) {
    case status.notFound:
      return 'This project has no Firestore database: is it the right one?';
    case status.permissionDenied:
      return 'You may not work with the database there: it takes the role roles/datastore.user.';
    default:
      return error.message;
  }
}
