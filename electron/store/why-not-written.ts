const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'the file may not be written',
  EPERM: 'the file may not be written',
  EROFS: 'the disk is read-only',
  ELOCKED: 'another process holds the file',
};

/** What a file system's error code means, as the end of a sentence. */
export const whyNotWritten = (code: string): string => REASONS[code] ?? 'the file failed';
