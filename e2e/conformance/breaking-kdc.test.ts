import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listening } from '../../electron/winrm/transport/login-fixture.ts';
import { startBreakingKdc } from '../peers/kerberos/breaking-kdc.ts';
import type { Breaking } from '../peers/kerberos/breaking-kdc.ts';
import { announceSkip } from '../peers/skip.ts';
import { ALICE, count, KerberosLab, LAB_ALICE, missingLab, NTLM_ALICE } from './kerberos-lab.ts';

const missing = announceSkip('a KDC that breaks off', missingLab());
const lab = new KerberosLab(missing);

/** A KDC between here and the realm's own, and a computer that would take NTLM. */
async function setup(how: Breaking) {
  const conf = readFileSync(lab.realm.env.KRB5_CONFIG, 'utf8');
  const kdc = lab.keep(await startBreakingKdc(Number(/kdc = [\d.]+:(\d+)/.exec(conf)?.[1]), how));
  const leading = (text: string) => text.replace(/ kdc = 127.*/, ` kdc = 127.0.0.1:${kdc.port}`);
  lab.see({ KRB5_CONFIG: lab.realm.configuration('breaking', leading) });
  const peer = await lab.acceptor([], { accounts: [NTLM_ALICE] });
  return { kdc, peer, ...listening() };
}

describe.skipIf(missing !== undefined)('a KDC that', () => {
  test.each<[Breaking, string]>([
    ['closes on the proof', 'broke off; it may have judged the password of alice@LAB.TEST'],
    ['resets on the proof', 'broke off; it may have judged'],
    ['answers the proof with half a message', 'broke off; it may have judged'],
    ['closes on the second question', 'broke off; it may have judged'],
    ['answers the proof with something else', 'could not give alice@LAB.TEST a ticket'],
  ])('%s may have judged the password: it is not tried by NTLM', async (how, sentence) => {
    const { kdc, peer, heard, ends, beforeLogin } = await setup(how);
    const options = { authentication: 'Negotiate', beforeLogin } as const;
    for (let time = 0; time < 2; time++)
      await expect(lab.ask(peer, LAB_ALICE, options)).rejects.toMatchObject({
        kind: 'denied',
        message: expect.stringContaining(sentence) as string,
        info: { remedy: { text: expect.stringContaining('not tried by NTLM') as string } },
        signIn: {
          mechanism: 'Kerberos',
          account: 'alice@LAB.TEST',
          refused: [{ mechanism: 'NTLM', why: expect.stringContaining('did not say') as string }],
        },
      });
    // The second is told what came of the first: one proof at most, one login of which nothing was heard.
    expect(kdc.proofs()).toBe(how === 'closes on the second question' ? 0 : 1);
    expect(heard).toEqual(['asked', 'ended', 'asked', 'ended']);
    expect(ends).toEqual(['lost', 'unjudged']);
    await peer.stop();
    expect(count(peer, 'token')).toBe(0);
  });

  test('closes on whatever it is asked is as good as none: NTLM follows, and the KDC saw no proof', async () => {
    const { kdc, peer, beforeLogin, ends } = await setup('closes on all');
    const { signIn } = await lab.ask(peer, LAB_ALICE, { authentication: 'Negotiate', beforeLogin });
    expect(signIn).toMatchObject({
      mechanism: 'NTLM in Negotiate',
      refused: [{ mechanism: 'Kerberos', why: expect.stringContaining('No domain controller') as string }],
    });
    expect([kdc.proofs(), ends[0]]).toEqual([0, 'unjudged']);
  });

  test('answers with something else from the beginning is no KDC: neither it nor NTLM is told the password', async () => {
    const { kdc, peer, ends, beforeLogin } = await setup('answers all with something else');
    await expect(lab.ask(peer, ALICE, { authentication: 'Negotiate', beforeLogin })).rejects.toMatchObject({
      kind: 'denied',
      message: 'The domain could not give alice@LAB.TEST a ticket.',
      info: { remedy: { text: expect.stringContaining('was not told the password') as string } },
      signIn: { refused: [{ mechanism: 'NTLM', why: expect.stringContaining('was not told') as string }] },
    });
    expect(kdc.proofs()).toBe(0);
    expect(ends).toEqual(['unjudged']);
    await peer.stop();
    expect(count(peer, 'token')).toBe(0);
  });
});
