import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, 'with-secret-service.sh');

/** What is missing to run a Secret Service; undefined when nothing is. */
export function missingSecretService(): string | undefined {
  if (process.platform !== 'linux') return 'the Secret Service is of Linux';
  const missing = ['dbus-run-session', 'gnome-keyring-daemon'].filter(
    (name) => spawnSync('which', [name]).status !== 0,
  );
  return missing.length > 0 ? `${missing.join(' and ')} not found (dbus gnome-keyring)` : undefined;
}

/** Runs TypeScript, or a file of JavaScript with its arguments, by this Node on a bus with a Secret Service of its own. */
export function runWithSecretService(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(SCRIPT, [process.execPath, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

export const asScript = (source: string): readonly string[] => [
  '--import',
  'tsx',
  '--input-type=module',
  '-e',
  source,
];
