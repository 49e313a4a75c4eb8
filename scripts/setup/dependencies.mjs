import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.mjs';
import { findCommand, run, SetupError } from './run-command.mjs';

/** Installs exactly the locked packages when they are missing or not those of package-lock.json. */
export async function ensureDependencies() {
  if (areCurrent(readLock('package-lock.json'), readLock('node_modules/.package-lock.json'))) return;
  console.log('Installing the locked packages (npm ci) …');
  const [command, args] = npm();
  // --include=dev: with NODE_ENV=production npm would leave out everything the build needs.
  const code = await run(
    command,
    [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      shell: process.platform === 'win32' && args.length === 0,
    },
  );
  if (code !== 0)
    throw new SetupError(
      `npm ci ended with exit code ${code}; its own messages are above. The packages come from the registry ` +
        'that npm is configured for: check the network and `npm config get registry`, then run this again.',
    );
}

/** npm records what it installed: the lock is met when each locked package stands there in that version. */
export function areCurrent(locked, installed) {
  if (!installed) return false;
  return Object.entries(locked.packages).every(
    ([path, { version, optional }]) =>
      path === '' || installed.packages[path]?.version === version || (optional && !installed.packages[path]),
  );
}

/** A package that another platform needs is optional and may be absent; the lock itself may not. */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8'));
  } catch (cause) {
    if (file.startsWith('node_modules')) return undefined;
    throw new SetupError(`${file} cannot be read: ${cause.message}`, { cause });
  }
}

/** The npm that started us, else the one on PATH. */
function npm() {
  const self = process.env.npm_execpath;
  if (self && /npm-cli\.c?js$/.test(self)) return [process.execPath, [self]];
  const found = findCommand('npm');
  if (!found)
    throw new SetupError('npm is not on PATH. It comes with Node.js: install Node.js 20.19 or newer.');
  return [process.platform === 'win32' ? 'npm' : found, []];
}
