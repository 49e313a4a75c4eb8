import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { systemKerberos } from '../../electron/winrm/transport/kerberos/system-kerberos.ts';
import { startSilentKdc } from '../peers/kerberos/silent-kdc.ts';
import type { SilentKdc } from '../peers/kerberos/silent-kdc.ts';
import { announceSkip } from '../peers/skip.ts';

const PSSM = join(import.meta.dirname, '../../electron/cli/pssm.ts');
/** A call into the library hangs for some 25 s. */
const AT_ONCE_MS = 5_000;

const missing = announceSkip('ending while a KDC is silent', whyNot());

function whyNot(): string | undefined {
  if (process.platform !== 'linux')
    return 'the system’s Kerberos is led to a KDC by KRB5_CONFIG on Linux only';
  try {
    systemKerberos();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

describe.skipIf(missing !== undefined)('while a KDC is silent', { timeout: 60_000 }, () => {
  let kdc: SilentKdc;
  beforeEach(async () => {
    kdc = await startSilentKdc();
    return () => kdc.stop();
  });

  test.each([[['SIGINT']], [['SIGTERM']], [['SIGINT', 'SIGINT']]] as const)(
    'pssm ends at once on %j, all that it had to say said',
    async (signals) => {
      const folder = mkdtempSync(join(tmpdir(), 'pssm-'));
      const where = ['localhost', '-Port', String(kdc.port), '-Credential', kdc.username];
      const how = ['-Authentication', 'Kerberos', '--password-stdin'];
      const argv = ['--import', 'tsx', PSSM, 'Get-PSSession', ...where, ...how];
      const child = spawn(process.execPath, argv, {
        env: { ...process.env, XDG_STATE_HOME: folder, ...kdc.env },
      });
      let err = '';
      child.stderr.on('data', (text: Buffer) => (err += String(text)));
      child.stdin.write('Passw0rd!\n');
      await kdc.asked;
      const since = performance.now();
      const ended = once(child, 'close');
      for (const signal of signals) {
        child.kill(signal);
        await new Promise((resolve) => setTimeout(resolve, 600)); // earlier it is nobody who insists
      }
      expect(await ended).toEqual([1, null]);
      expect(performance.now() - since).toBeLessThan(AT_ONCE_MS);
      expect(err).toMatch(/Stopped\.\n$/);
    },
  );
});
