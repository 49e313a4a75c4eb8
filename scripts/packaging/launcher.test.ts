import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** The launcher as it lies in a package, before a command that says where it lies and what it was given. */
function packaged() {
  const resources = realpathSync(mkdtempSync(join(tmpdir(), 'pssm-launcher-')));
  const cli = join(resources, 'cli');
  mkdirSync(cli);
  copyFileSync(join(import.meta.dirname, '../../build/cli/pssm'), join(cli, 'pssm'));
  writeFileSync(join(cli, 'pssm.js'), 'console.log(__filename, ...process.argv.slice(2));');
  const run = (launcher: string, env: NodeJS.ProcessEnv = {}) =>
    execFileSync('sh', ['-c', 'exec "$0" "$@"', launcher, '--version'], {
      cwd: resources,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
  return { resources, run, said: `${join(cli, 'pssm.js')} --version\n` };
}

test.skipIf(process.platform === 'win32')('the launcher finds its command, also by a link', () => {
  const { resources, run, said } = packaged();
  expect(run('cli/pssm')).toBe(said);
  symlinkSync('cli/pssm', join(resources, 'pssm'));
  expect(run('./pssm')).toBe(said);
});

test.skipIf(process.platform === 'win32')('and where the shell has other folders that cd looks in', () => {
  const { resources, run, said } = packaged();
  const elsewhere = mkdtempSync(join(tmpdir(), 'pssm-elsewhere-'));
  mkdirSync(join(elsewhere, 'cli'));
  for (const CDPATH of ['.', resources, elsewhere]) expect(run('cli/pssm', { CDPATH })).toBe(said);
});
