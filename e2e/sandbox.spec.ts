import { expect, test } from '@playwright/test';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowOf } from './journeys.ts';
import { launch } from './launch.ts';
import type { LaunchOptions } from './launch.ts';

const NOBODY = '65534';
const ROOT = join(import.meta.dirname, '..');

/** Why the sandbox cannot be had here; undefined when it can. */
function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'seccomp is read on Linux only';
  if (process.getuid?.() !== 0) return undefined;
  const become = (...command: string[]) =>
    spawnSync('setpriv', [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...command]);
  if (become('test', '-r', join(ROOT, 'out/main/main.js')).status !== 0)
    return 'an unprivileged user may not read this folder';
  if (become('unshare', '--user', 'true').status !== 0)
    return 'this system gives an unprivileged user no user namespace';
  return undefined;
}

/** As root: the runtime where everybody may read it, started through a wrapper as an unprivileged user. */
function asNobody(folder: string): LaunchOptions {
  const home = join(folder, 'home');
  mkdirSync(home);
  const runtime = join(folder, 'electron');
  const dist = realpathSync(join(ROOT, 'node_modules/electron/dist'));
  cpSync(dist, runtime, { recursive: true });
  const env: Record<string, string> = { HOME: home };
  const { XAUTHORITY } = process.env;
  if (XAUTHORITY && existsSync(XAUTHORITY)) {
    env['XAUTHORITY'] = join(home, 'xauthority');
    copyFileSync(XAUTHORITY, env['XAUTHORITY']);
  }
  const wrapper = join(folder, 'electron-as-nobody');
  writeFileSync(
    wrapper,
    `#!/bin/sh\nexec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups ${join(runtime, 'electron')} "$@"\n`,
  );
  chmodSync(wrapper, 0o755);
  execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, home]);
  return { executablePath: wrapper, userData: join(home, 'data'), env };
}

test('as an unprivileged user every window runs in Chromium’s sandbox', async () => {
  const missing = obstacle();
  test.skip(missing !== undefined, missing);
  const folder = mkdtempSync(join(tmpdir(), 'pssm-sandbox-'));
  chmodSync(folder, 0o755);
  try {
    const root = process.getuid?.() === 0;
    const { app, page } = await launch({
      ...(root ? asNobody(folder) : {}),
      args: ['--sample'],
      sandbox: true,
    });
    await expect(rowOf(page, 'Ready, NightlyBackup on sql02')).toBeVisible();
    const { pid, args } = await app.evaluate(({ BrowserWindow }) => ({
      pid: BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId(),
      args: process.argv,
    }));
    expect(args).not.toContain('--no-sandbox');
    // A filter on system calls, and a process namespace of its own.
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(status).toMatch(/^NSpid:\t\d+\t\d+/m);
    await app.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
