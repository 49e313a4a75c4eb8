import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/** Where a signal is a signal; Windows has none to send to another process. */
const isHere = process.platform !== 'win32';
if (!isHere)
  process.stdout.write('skipped: pssm stopped by a signal: Windows sends none to another process\n');

const ENTRY = join(import.meta.dirname, 'pssm.ts');
const START_LIMIT_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'pssm-'));

/** The command in a process of its own, straight from its source. */
function start(...argv: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, ...argv], {
    env: { ...process.env, XDG_STATE_HOME: folder, NO_COLOR: '1' },
    timeout: 3 * START_LIMIT_MS,
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => (said.out += String(text)));
  child.stderr.on('data', (text: Buffer) => (said.err += String(text)));
  const closed = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  /** Resolves once it has said so; a command that ends before that fails the test with what it said instead. */
  const until = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      child.stdout.on('data', () => pattern.test(said.out) && resolve());
      void closed.then(({ err }) => reject(new Error(`${argv[0]} ended before ${pattern}: ${err}`)));
    });
  return { child, said, closed, until };
}

test.skipIf(!isHere)(
  'stopped while nobody reads what it writes, it ends and says how much is lost',
  async () => {
    const patterns = Array.from({ length: 20 }, () => '*').join(',');
    const argv = ['Get-PSSession', '-Sample', '-Json', '-Name', patterns, '-ErrorAction', 'SilentlyContinue'];
    const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, ...argv], {
      env: { ...process.env, XDG_STATE_HOME: folder, NO_COLOR: '1' },
      timeout: START_LIMIT_MS,
    });
    let err = '';
    child.stderr.on('data', (text: Buffer) => (err += String(text)));
    const exited = once(child, 'exit');
    await once(child.stdout, 'readable'); // and no more is read
    child.kill('SIGINT');
    expect(await exited).toEqual([1, null]);
    expect(err).toMatch(
      /^(?:Stopped\.\n)?pssm: Up to \d+ lines of the output are lost: nobody took all of them before the run ended\.\n$/,
    );
    child.stdout.destroy();
  },
  2 * START_LIMIT_MS,
);

test.skipIf(!isHere)(
  'a list whose reader goes away is no failure: the next run has it again',
  async () => {
    const { child, closed } = start('Get-PSSession', '-Sample', '-ErrorAction', 'SilentlyContinue');
    child.stdout.destroy();
    expect(await closed).toEqual({ code: 0, out: '', err: '' });
  },
  2 * START_LIMIT_MS,
);

describe.skipIf(!isHere)('pssm in a process of its own', { timeout: 2 * START_LIMIT_MS }, () => {
  let port: number;
  let server: ReturnType<typeof start>;

  // A fresh one for each: what a command said once, it does not say again.
  beforeEach(async () => {
    server = start('simulate', '--user', 'alice', '--password', 'Passw0rd!');
    await server.until(/\n/);
    ({ port } = JSON.parse(server.said.out) as { port: number });
  }, START_LIMIT_MS);

  afterEach(async () => {
    server.child.stdin.end();
    await server.closed;
  });

  function pssm(cmdlet: string, ...rest: string[]) {
    const started = start(
      cmdlet,
      '127.0.0.1',
      '-Port',
      String(port),
      '-Credential',
      'alice',
      '--password-stdin',
      ...rest,
    );
    started.child.stdin.end('Passw0rd!\n');
    return started;
  }

  async function availability(name: string): Promise<unknown> {
    const { out } = await pssm('Get-PSSession', '-Name', name, '--json').closed;
    return (JSON.parse(out) as Record<string, unknown>[])[0]?.['Availability'];
  }

  test.each([['SIGINT'], ['SIGTERM'], ['SIGTERM', 'SIGTERM']] as const)(
    '%s while it receives leaves the session free, also where a parent passes it on again',
    async (...signals) => {
      const receiving = pssm('Receive-PSSession', '-Name', 'NightlyBackup');
      await receiving.until(/pages/);
      expect(await availability('NightlyBackup')).toBe('Busy');
      for (const signal of signals) {
        receiving.child.kill(signal);
        await new Promise((resolve) => setTimeout(resolve, 20)); // two at once are one to the system
      }
      const { code, err } = await receiving.closed;
      expect(err).toMatch(/Stopped\.\n$/);
      expect(code).toBe(1);
      expect(await availability('NightlyBackup')).toBe('None');
    },
  );

  test('killed while it receives, its session is left by the next run', async () => {
    const receiving = pssm('Receive-PSSession', '-Name', 'NightlyBackup');
    await receiving.until(/pages/);
    receiving.child.kill('SIGKILL');
    await receiving.closed;
    expect(await availability('NightlyBackup')).toBe('Busy');
    expect(await pssm('Disconnect-PSSession', '-Name', 'NightlyBackup').closed).toMatchObject({ code: 0 });
    expect(await availability('NightlyBackup')).toBe('None');
  });

  test('a reader that goes away ends it, the session left; that words of a session are lost is a failure', async () => {
    const receiving = pssm('Receive-PSSession', '-Name', 'NightlyBackup');
    await receiving.until(/pages/);
    receiving.child.stdout.destroy();
    const { code, err } = await receiving.closed;
    expect(err).toMatch(
      /WARNING: \[127\.0\.0\.1\] About \d+ lines? of what NightlyBackup said (?:is|are) lost: .* A computer gives it once\.\n$/,
    );
    expect(err).not.toContain('EPIPE');
    expect(code).toBe(1);
    expect(await availability('NightlyBackup')).toBe('None');
  });

  test('what one process connects, another disconnects', async () => {
    expect((await pssm('Connect-PSSession', '-Name', 'IndexRebuild').closed).code).toBe(0);
    expect(await availability('IndexRebuild')).toBe('Busy');
    expect((await pssm('Disconnect-PSSession', '-Name', 'IndexRebuild').closed).code).toBe(0);
    expect(await availability('IndexRebuild')).toBe('None');
  });
});
