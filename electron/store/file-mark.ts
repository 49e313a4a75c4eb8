import { stat } from 'node:fs/promises';

/** Differs as soon as somebody wrote the file; empty where there is none. A file that is renamed, or gets a second name, keeps its mark. */
export async function markOf(file: string): Promise<string> {
  try {
    const found = await stat(file, { bigint: true });
    return `${found.size} ${found.mtimeNs} ${found.ino}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/**
 * Whether nobody wrote the file between the two. Some shared folders give a file another inode each time it is looked at,
 * which is nobody's writing.
 */
export const isUnwritten = (before: string, now: string): boolean => textIn(before) === textIn(now);

const textIn = (mark: string): string => mark.slice(0, mark.lastIndexOf(' '));
