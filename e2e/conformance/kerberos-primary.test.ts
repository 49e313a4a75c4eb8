import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listening } from '../../electron/winrm/transport/login-fixture.ts';
import { startBreakingKdc } from '../peers/kerberos/breaking-kdc.ts';
import type { Breaking } from '../peers/kerberos/breaking-kdc.ts';
import { announceSkip } from '../peers/skip.ts';
import { ALICE, KerberosLab, missingLab } from './kerberos-lab.ts';

const missing = announceSkip('a realm with a primary KDC', missingLab() ?? whyNoAddress());
const lab = new KerberosLab(missing);

/** On another port of the same address MIT's library would take the replica for the primary. */
const PRIMARY_ADDRESS = '127.0.0.2';
function whyNoAddress(): string | undefined {
  return process.platform === 'darwin' ? 'loopback has one address on macOS' : undefined;
}

/** The realm's KDC answers as a replica; the primary is another. */
async function setup(how: Breaking) {
  const conf = readFileSync(lab.realm.env.KRB5_CONFIG, 'utf8');
  const kdc = Number(/kdc = [\d.]+:(\d+)/.exec(conf)?.[1]);
  const primary = lab.keep(await startBreakingKdc(kdc, how, PRIMARY_ADDRESS));
  const at = `${PRIMARY_ADDRESS}:${primary.port}`;
  // The former since MIT's 1.19, the latter before.
  const named = `\n  primary_kdc = ${at}\n  master_kdc = ${at}`;
  lab.see({
    KRB5_CONFIG: lab.realm.configuration('primary', (text) => text.replace(/ kdc = 127.*/, `$&${named}`)),
  });
  return { primary, peer: await lab.acceptor(), ...listening() };
}

const refusals = () => lab.realm.log().split('PREAUTH_FAILED').length - 1;

describe.skipIf(missing !== undefined)('where a replica answers', { timeout: 60_000 }, () => {
  test('a primary that is silent is not waited for', async () => {
    const { peer } = await setup('is silent');
    const since = performance.now();
    const { answers } = await lab.ask(peer, ALICE, { authentication: 'Kerberos' });
    expect(answers).toEqual(['<a/>']);
    expect(performance.now() - since).toBeLessThan(5_000); // the library waits 10 s and more for it
  });

  test.each<Breaking>(['answers', 'is silent'])(
    'a wrong password is proven once, and not to the primary as well, which %s',
    async (how) => {
      const { primary, peer, heard, beforeLogin } = await setup(how);
      const earlier = refusals();
      const wrong = { ...ALICE, password: 'passw0rd!' };
      await expect(lab.ask(peer, wrong, { authentication: 'Negotiate', beforeLogin })).rejects.toMatchObject({
        kind: 'unauthenticated',
        info: { errorId: 'LogonFailure', detail: expect.stringMatching(/^Preauth/) as string },
      });
      expect([refusals() - earlier, primary.proofs()]).toEqual([1, 0]);
      expect(heard).toEqual(['asked', 'refused', 'ended']);
    },
  );

  test.each([
    ['locked@LAB.TEST', /locked or disabled/],
    ['stale@LAB.TEST', /has expired/],
    ['mallory@LAB.TEST', /knows no account mallory/],
  ])('%s is told as without a primary', async (username, message) => {
    const { peer } = await setup('is silent');
    await expect(lab.ask(peer, { ...ALICE, username }, { authentication: 'Kerberos' })).rejects.toMatchObject(
      { message: expect.stringMatching(message) as string },
    );
  });
});
