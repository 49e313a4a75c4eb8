import { toErrorInfo, WinRMError } from '../winrm/index.ts';

/** Why a file cannot be read, as the end of a sentence. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'the file may not be read',
  EPERM: 'the file may not be read',
  EISDIR: 'a folder stands in its place',
  ENOTDIR: 'its folder is not there',
  ELOOP: 'its links lead nowhere',
  EIO: 'the disk failed',
};

/**
 * A file of the app's that can be looked into by nobody here: the store that keeps it speaks of keeping.
 *
 * @param what as sentences begin
 * @returns the error itself where it is a mistake of our own
 */
export function unreadable(error: unknown, what: string, file: string): unknown {
  if (!(error instanceof WinRMError)) return error;
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  const why = REASONS[code ?? ''] ?? 'the file failed';
  const { detail } = toErrorInfo(error);
  return new WinRMError('internal', `${what} in ${file} could not be read: ${why}.`, {
    cause: error,
    errorId: 'FileNotReadable',
    ...(detail !== undefined && { detail }),
  });
}
