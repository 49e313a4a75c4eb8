import { readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Where a file stands that a link in its place may point to, such as one in a shared folder. Whoever writes whole files
 * by renaming would put one in the link's place, and a second name for the link is no backup.
 */
export function endOfLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return beyondMissing(file);
  }
}

/** More links in a row than a system follows. */
const TOO_MANY = 40;

/** What it points to may be yet to come. */
function beyondMissing(file: string, links = 0): string {
  try {
    const next = resolve(dirname(file), readlinkSync(file));
    return links < TOO_MANY ? beyondMissing(next, links + 1) : file;
  } catch {
    return file;
  }
}
