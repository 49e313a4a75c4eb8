import { stat } from 'node:fs/promises';

/** Differs as soon as somebody wrote the file; empty where there is none. A file that is renamed, or gets a second name, keeps its mark. */
export async function markOf(file: string): Promise<string> {
  try {
    const found = await stat(file, { bigint: true });
    return `${found.ino} ${found.size} ${found.mtimeNs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
