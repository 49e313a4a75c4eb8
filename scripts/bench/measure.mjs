import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const LIMIT_MS = 15 * 60_000;

/** How a measuring program of this folder is run; each prints one line of JSON last. */
export const program = (name, ...args) => [
  process.execPath,
  ['--import', 'tsx', join(import.meta.dirname, name), ...args],
];

/** Runs a measuring program and gives what it printed. */
export async function measure(command, args) {
  const { stdout } = await promisify(execFile)(command, args, { timeout: LIMIT_MS, maxBuffer: 16 << 20 });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}
