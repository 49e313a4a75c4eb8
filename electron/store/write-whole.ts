import { randomInt } from 'node:crypto';
import { chown, open, rename, rm, stat } from 'node:fs/promises';
import { endOfLinks } from './end-of-links.ts';

/** What is begun beside a file has its name, a dot and a number up to this; whoever was killed leaves it behind. */
const NUMBERS = 2 ** 47;

/** Whether a name beside `name` is of something that was begun and never put in its place. */
export const isBegun = (name: string, one: string): boolean =>
  one.startsWith(`${name}.`) && /^\d+$/.test(one.slice(name.length + 1));

/**
 * Writes a file whole or not at all, for its owner alone: beside its place, to the last byte and onto the disk, then in
 * its place. A nearly full disk takes the beginning of a text without an error, and says so only of what follows.
 *
 * @param ready is told where the whole text lies right before it takes its place, and keeps it from that by throwing
 * @throws what the file system says, or `ready`; then what stood there stands there still, and nothing else
 */
export async function writeWhole(
  file: string,
  text: string,
  ready?: (begun: string) => Promise<void>,
): Promise<void> {
  const place = endOfLinks(file);
  const begun = `${place}.${randomInt(NUMBERS)}`;
  const handle = await open(begun, 'wx', 0o600);
  try {
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await giveToOwnerOf(place, begun);
    await ready?.(begun);
    await rename(begun, place);
  } catch (error) {
    await rm(begun, { force: true }).catch(() => undefined); // what was said first is why
    throw error;
  }
}

/** Who writes as root leaves the file to whom it belongs. */
async function giveToOwnerOf(place: string, begun: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const found = await stat(place).catch(() => undefined);
  if (found) await chown(begun, found.uid, found.gid);
}
