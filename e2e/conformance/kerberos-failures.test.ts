import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, test } from 'vitest';
import { listening } from '../../electron/winrm/transport/login-fixture.ts';
import { makeRealm, missingFakeTime, withClock } from '../peers/kerberos/realm.ts';
import { announceSkip } from '../peers/skip.ts';
import { ALICE, count, KerberosLab, LAB_ALICE, missingLab, NTLM_ALICE, PEOPLE } from './kerberos-lab.ts';

const never = new AbortController().signal;
const missing = announceSkip('what goes wrong with Kerberos', missingLab());
const missingClock = missing ?? announceSkip('Kerberos and wrong clocks', missingFakeTime());
const lab = new KerberosLab(missing);

describe.skipIf(missing !== undefined)('what goes wrong with Kerberos', () => {
  const refusals = (what: string) =>
    lab.realm
      .log()
      .split('\n')
      .filter((line) => line.includes(what)).length;
  const { heard, beforeLogin } = listening();
  beforeEach(() => void heard.splice(0));

  test.each(['Kerberos', 'Negotiate'] as const)(
    'a wrong password is told to the KDC once, and to nobody by NTLM: %s',
    async (authentication) => {
      const peer = await lab.acceptor();
      const earlier = refusals('PREAUTH_FAILED');
      const wrong = { ...ALICE, password: 'passw0rd!' };
      const channel = lab.channel(peer, wrong, { authentication, beforeLogin });
      for (const soap of ['<a/>', '<b/>'])
        await expect(channel.post(soap, never)).rejects.toMatchObject({
          kind: 'unauthenticated',
          info: { errorId: 'LogonFailure' },
        });
      channel.close();
      expect(refusals('PREAUTH_FAILED') - earlier).toBe(1);
      expect(heard).toEqual(['asked', 'refused', 'ended']);
      await peer.stop();
      expect(count(peer, 'token')).toBe(0);
    },
  );

  test('a right one counts as a login that was taken, and is told to the KDC once for many computers', async () => {
    const issued = () =>
      lab.realm
        .log()
        .split('\n')
        .filter((line) => /AS_REQ.*ISSUE.*carol/.test(line)).length;
    const carol = { ...ALICE, username: 'carol@LAB.TEST' };
    const peers = await Promise.all([lab.acceptor(), lab.acceptor(), lab.acceptor()]);
    await Promise.all(peers.map((peer) => lab.ask(peer, carol, { authentication: 'Kerberos', beforeLogin })));
    expect(heard.filter((what) => what === 'taken')).toHaveLength(3);
    expect(issued()).toBe(1);
  });

  test.each([
    ['an account that is locked', { ...ALICE, username: 'locked@LAB.TEST' }, /locked or disabled/],
    ['a password that has expired', { ...ALICE, username: 'stale@LAB.TEST' }, /has expired/],
    ['an account that nobody knows', { ...ALICE, username: 'mallory@LAB.TEST' }, /knows no account mallory/],
    ['a domain that nobody knows', { ...ALICE, username: 'alice@OTHER.TEST' }, /is known for OTHER\.TEST/],
  ])('%s is called by its name', async (_, credential, message) => {
    const peer = await lab.acceptor();
    await expect(lab.ask(peer, credential, { authentication: 'Kerberos' })).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
  });

  test('an answer that is nonsense fails with what the library says of it, which is not “Success”', async () => {
    const { username: principal, password } = ALICE;
    const logon = await lab.kerberos().logOn({ principal, upn: principal, password });
    const session = logon.openSession('HTTP/localhost', undefined);
    await session.step();
    await expect(session.step(Buffer.from('608103616263', 'hex'))).rejects.toMatchObject({
      message: 'Kerberos did not come about with HTTP/localhost.',
      info: { detail: expect.stringMatching(/token/i) },
    });
    session.release();
    logon.release();
  });

  test('without a ticket an account is asked for; a ticket that came meanwhile is used', async () => {
    lab.see({ KRB5CCNAME: `FILE:${lab.realm.folder}/empty` });
    const peer = await lab.acceptor();
    const channel = lab.channel(peer, undefined);
    await expect(channel.post('<a/>', never)).rejects.toMatchObject({
      kind: 'unauthenticated',
      info: { errorId: 'ExplicitCredentialsRequired', faultCode: 2150858981 },
    });
    lab.realm.kinit('alice', ALICE.password);
    lab.see(lab.realm.env);
    expect(await channel.post('<a/>', never)).toBe('<a/>');
    channel.close();
  });

  test('a computer in a realm that this one does not know is told apart from a wrong name', async () => {
    lab.see({
      KRB5_CONFIG: lab.realm.configuration('elsewhere', (text) =>
        text.replaceAll('localhost = LAB', 'localhost = OTHER'),
      ),
    });
    const peer = await lab.acceptor();
    await expect(lab.ask(peer, ALICE, { authentication: 'Kerberos' })).rejects.toMatchObject({
      message: expect.stringMatching(/HTTP\/localhost/),
    });
  });

  test('a KDC that is down: Kerberos says so, Negotiate goes on by NTLM', async () => {
    const nowhere = lab.realm.configuration('down', (text) =>
      text.replace(/ kdc = 127.*/, ' kdc = 127.0.0.1:1'),
    );
    lab.see({ KRB5_CONFIG: nowhere });
    const peer = await lab.acceptor([], {
      accounts: [NTLM_ALICE],
    });
    await expect(lab.ask(peer, ALICE, { authentication: 'Kerberos' })).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'No domain controller of LAB.TEST answers, so there is no Kerberos.',
    });
    const { signIn } = await lab.ask(peer, LAB_ALICE, { authentication: 'Negotiate' });
    expect(signIn).toMatchObject({
      mechanism: 'NTLM in Negotiate',
      refused: [{ mechanism: 'Kerberos', why: expect.stringContaining('No domain controller') }],
    });
  });

  test('a computer that cannot read the ticket is shown no password by NTLM', async () => {
    // The name of another: its key is not the one that the KDC sealed the ticket with.
    const other = lab.keep(await makeRealm({ commands: PEOPLE, services: ['HTTP/localhost'] }));
    const peer = await lab.acceptor([], {
      accounts: [NTLM_ALICE],
      env: { ...lab.realm.env, KRB5_KTNAME: other.env.KRB5_KTNAME },
    });
    const options = { authentication: 'Negotiate', beforeLogin } as const;
    await expect(lab.ask(peer, LAB_ALICE, options)).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringMatching(/ticket.* for HTTP\/localhost/),
    });
    expect(heard).toEqual(['asked', 'taken', 'ended']); // by the KDC
    await peer.stop();
    expect([count(peer, 'token'), count(peer, 'signed in')]).toEqual([1, 0]);
  });

  test('a KDC that swallows packets is given up with whoever asked, and keeps nobody else waiting', async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    lab.realm.kinit('alice', ALICE.password);
    lab.see({
      KRB5_CONFIG: lab.realm.configuration('mute', (text) =>
        text
          .replace(/ kdc = 127.*/, ` kdc = 127.0.0.1:${port}`)
          .replace('[domain_realm]', `[domain_realm]\n .mute.test = LAB.TEST`),
      ),
    });
    const logon = await lab.kerberos().logOn(undefined);
    const controller = new AbortController();
    const sessions = Array.from({ length: 6 }, (_, i) =>
      logon.openSession(`HTTP/web0${i}.mute.test`, undefined),
    );
    const steps = sessions.map((session) =>
      session.step(undefined, controller.signal).catch((error: unknown) => error),
    );
    await once(mute, 'connection');
    controller.abort('enough');
    expect(await Promise.all(steps)).toEqual(steps.map(() => 'enough'));
    for (const session of sessions) session.release();
    lab.see(lab.realm.env);
    const peer = await lab.acceptor();
    expect((await lab.ask(peer, undefined)).answers).toEqual(['<a/>']);
    logon.release();
    mute.close();
  });
});

describe.skipIf(missingClock !== undefined)('Kerberos and wrong clocks', () => {
  test('a computer whose clock is an hour ahead says so', async () => {
    const peer = await lab.acceptor([], { under: withClock('+1h') });
    await expect(lab.ask(peer, ALICE, { authentication: 'Kerberos' })).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('clocks'),
    });
  });

  test('a ticket that has expired is called so', async () => {
    await lab.realm.halt();
    await lab.realm.start('-2d');
    lab.realm.kinit('alice', ALICE.password, '-2d');
    await lab.realm.halt();
    await lab.realm.start();
    const peer = await lab.acceptor();
    for (const authentication of ['Kerberos', 'Default'] as const)
      await expect(lab.ask(peer, undefined, { authentication })).rejects.toMatchObject({
        message: 'The Kerberos ticket of alice@LAB.TEST has expired.',
        info: { errorId: 'ExplicitCredentialsRequired' },
      });
  });

  test('a ticket that is past its end by less than clocks may differ has expired, too, and it is told whose', async () => {
    const peer = await lab.acceptor();
    // As whoever asks sees it: the ticket ended a minute ago.
    await lab.realm.halt();
    await lab.realm.start('-86460');
    lab.realm.kinit('alice', ALICE.password, '-86460');
    await lab.realm.halt();
    await lab.realm.start();
    await expect(lab.ask(peer, undefined, { authentication: 'Kerberos' })).rejects.toMatchObject({
      message: 'The Kerberos ticket of alice@LAB.TEST has expired.',
      signIn: { mechanism: 'Kerberos', account: 'alice@LAB.TEST' },
    });
  });

  test('a KDC whose clock is an hour ahead is told apart from a wrong password', async () => {
    const strict = lab.realm.configuration('strict', (text) =>
      text.replace('[realms]', ' kdc_timesync = 0\n[realms]'),
    );
    lab.see({ KRB5_CONFIG: strict });
    await lab.realm.halt();
    await lab.realm.start('+1h');
    try {
      const peer = await lab.acceptor();
      await expect(lab.ask(peer, ALICE, { authentication: 'Kerberos' })).rejects.toMatchObject({
        kind: 'denied',
        message: expect.stringContaining('clocks'),
      });
    } finally {
      await lab.realm.halt();
      await lab.realm.start();
    }
  });
});
