import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository's root folder. */
export const root = resolve(import.meta.dirname, '../..');

/** package.json as it stands now. */
export const readPackage = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What may be kept between clones and installs of one user: the Electron runtime, the built peers. */
export function cacheFolder() {
  const name = 'pssession-manager';
  if (process.platform === 'win32')
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData/Local'), name, 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches', name);
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), name);
}

/** Electron refuses to run as root with its sandbox on. */
export const isRoot = () => process.getuid?.() === 0;

/** Whether a window can be shown: only Linux can be without a display server. */
export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
