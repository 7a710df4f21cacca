/** Errors of the file system, as a person would say them. */

const FOLDER = 'This is a folder, not a file:';

const readingFaults: Readonly<Record<string, string>> = {
  ENOENT: 'There is no file',
  EISDIR: FOLDER,
  EACCES: 'You may not read',
};

const writingFaults: Readonly<Record<string, string>> = {
  ENOENT: 'There is no folder for',
  ENOTDIR: 'There is no folder for',
  EISDIR: FOLDER,
  EACCES: 'You may not write',
  ENOSPC: 'There is no space left for',
};

/** The error to throw for a folder in the place of a file. */
export function folderInsteadOfFile(folder: string): Error {
  return new Error(`${FOLDER} ${folder}.`);
}

/** The error to throw for a file that cannot be read. */
export function unreadable(file: string, cause: unknown): Error {
  return new Error(explained(file, cause, readingFaults, 'cannot be read'), { cause });
}

/** The error to throw for a file that cannot be written. */
export function unwritable(file: string, cause: unknown): Error {
  return new Error(explained(file, cause, writingFaults, 'cannot be written'), { cause });
}

function explained(
  file: string,
  cause: unknown,
  faults: Readonly<Record<string, string>>,
  otherwise: string,
): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const known = Object.hasOwn(faults, code) ? faults[code] : undefined;
  return known === undefined ? `${file} ${otherwise}: ${message}` : `${known} ${file}.`;
}
