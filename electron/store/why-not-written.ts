const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it is larger than a file may be here',
  EACCES: 'the file may not be written',
  EPERM: 'the file may not be written',
  EROFS: 'the disk is read-only',
  ELOCKED: 'another process holds the file',
  EBUSY: 'another process holds the file',
  EISDIR: 'a folder stands in its place',
  EEXIST: 'a file stands where its folder belongs',
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is not there',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  EIO: 'the disk failed',
};

/** What a file system's error code means, as the end of a sentence. */
export const whyNotWritten = (code: string): string => REASONS[code] ?? 'the file failed';
