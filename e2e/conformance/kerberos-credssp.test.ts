import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChannelOptions, Credential } from '../../electron/winrm/transport/connection.ts';
import { listening } from '../../electron/winrm/transport/login-fixture.ts';
import { startAcceptorIn } from '../peers/acceptor/acceptor.ts';
import type { Surroundings } from '../peers/acceptor/acceptor.ts';
import { makeRealm } from '../peers/kerberos/realm.ts';
import { announceSkip } from '../peers/skip.ts';
import { ALICE, count, KerberosLab, LAB_ALICE, missingLab, NTLM_ALICE, PEOPLE } from './kerberos-lab.ts';

const SCRIPT = path.join(import.meta.dirname, '../peers/credssp/credssp_acceptor.py');
const missing = announceSkip('Kerberos in CredSSP against MIT krb5', missingLab());
const lab = new KerberosLab(missing);

describe.skipIf(missing !== undefined)('Kerberos in CredSSP against MIT krb5', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'credssp-'));
  const [own, other] = ['own.pem', 'other.pem'].map((name) => path.join(folder, name)) as [string, string];
  beforeAll(async () => {
    for (const file of [own, other]) {
      const { cert, private: key } = await generate([{ name: 'commonName', value: 'WEB01' }], {
        keySize: 2048,
        algorithm: 'sha256',
      });
      writeFileSync(file, `${cert}\n${key}\n`);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const { heard, beforeLogin } = listening();
  beforeEach(() => void heard.splice(0));

  const acceptor = async (args: readonly string[] = [], surroundings: Partial<Surroundings> = {}) => {
    const inRealm = { accounts: [NTLM_ALICE], env: lab.realm.env, script: SCRIPT, ...surroundings };
    return lab.keep(await startAcceptorIn({ ...inRealm, args: ['--certificate', own, ...args] }));
  };
  const ask = (
    peer: { readonly port: number },
    credential: Credential = LAB_ALICE,
    options: ChannelOptions = {},
    ...texts: readonly string[]
  ) => lab.ask(peer, credential, { authentication: 'Credssp', beforeLogin, ...options }, ...texts);
  const withoutKey = () => ({ env: { ...lab.realm.env, KRB5_KTNAME: `FILE:${lab.realm.folder}/none` } });

  test.each([
    ['LAB\\alice', ['LAB', 'alice', ALICE.password]],
    ['alice@LAB.TEST', ['', 'alice@LAB.TEST', ALICE.password]],
  ])(
    '%s shows a ticket, binds both sides to the key of TLS, and hands the password over',
    async (username, handed) => {
      const peer = await acceptor();
      const texts = ['<a/>', 'x', 'x'.repeat(16_000), '<ä>密😀</ä>'];
      const { answers, signIn } = await ask(peer, { ...ALICE, username }, {}, ...texts);
      expect(answers).toEqual(texts);
      expect(signIn).toEqual({
        scheme: 'CredSSP',
        mechanism: 'Kerberos in CredSSP 6',
        account: 'alice@LAB.TEST',
        spn: 'WSMAN/localhost',
        isBound: true,
        why: 'CredSSP was asked for. The computer has a name and the account a domain.',
        refused: [],
      });
      // The KDC was told the password, which is the login; nobody is told it by NTLM.
      expect(heard).toEqual(['asked', 'taken', 'ended']);
      await peer.stop();
      expect(count(peer, 'token')).toBe(1);
      expect(peer.events).toContainEqual(
        expect.objectContaining({ event: 'signed in', mechanism: 'kerberos', account: 'alice@LAB.TEST' }),
      );
      expect(peer.events).toContainEqual({ event: 'handed over', handed });
    },
  );

  test.each([
    ['aes256-cts-hmac-sha1-96', 'gss_wrap_iov', '6'],
    ['aes128-cts-hmac-sha1-96', 'gss_wrap', '5'],
    ['aes128-cts-hmac-sha256-128', 'gss_wrap_iov', '6'],
    ['aes256-cts-hmac-sha384-192', 'gss_wrap_iov', '5'],
    ['aes256-cts-hmac-sha384-192', 'gss_wrap', '6'],
  ])(
    'binding and password are sealed with %s, the answer by %s, in version %s',
    async (cipher, wrap, version) => {
      const only = lab.realm.configuration(cipher, (text) =>
        text.replace('[realms]', ` permitted_enctypes = ${cipher}\n[realms]`),
      );
      lab.see({ KRB5_CONFIG: only });
      const peer = await acceptor(['--wrap', wrap, '--version', version]);
      const { signIn } = await ask(peer);
      expect(signIn?.mechanism).toBe(`Kerberos in CredSSP ${version}`);
      await peer.stop();
      expect(count(peer, 'handed over')).toBe(1);
    },
  );

  test('version 4 is refused unless that is allowed; then the key itself is the binding', async () => {
    const peer = await acceptor(['--version', '4']);
    await expect(ask(peer)).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('CredSSP 4') as string,
    });
    const { signIn } = await ask(peer, LAB_ALICE, { allowOldCredssp: true });
    expect(signIn?.mechanism).toBe('Kerberos in CredSSP 4');
    await peer.stop();
    expect(count(peer, 'handed over')).toBe(1);
  });

  test.each(['HTTP/localhost', 'host/localhost'])('%s is asked for where WSMAN is not known', async (spn) => {
    const realm = lab.keep(await makeRealm({ commands: PEOPLE, services: [spn] }));
    await realm.start();
    lab.see(realm.env);
    const { signIn } = await ask(await acceptor([], { env: realm.env }));
    expect(signIn?.spn).toBe(spn);
  });

  test('with IncludePortInSPN the port is a part of the name', async () => {
    const peer = await acceptor();
    const name = `WSMAN/localhost:${peer.port}`;
    lab.realm.admin([`addprinc -randkey ${name}`], [name]);
    expect((await ask(peer, LAB_ALICE, { includePortInSPN: true })).signIn?.spn).toBe(name);
  });

  describe('NTLM stands in for Kerberos', () => {
    test('where the domain knows no such service', async () => {
      const realm = lab.keep(await makeRealm({ commands: PEOPLE, services: ['nfs/localhost'] }));
      await realm.start();
      lab.see(realm.env);
      const peer = await acceptor([], { env: realm.env });
      const { signIn } = await ask(peer);
      expect(signIn).toMatchObject({
        mechanism: 'NTLM in CredSSP 6',
        account: 'LAB\\alice',
        refused: [
          { mechanism: 'Kerberos', why: expect.stringContaining('no service WSMAN/localhost') as string },
        ],
      });
      expect(signIn).not.toHaveProperty('spn');
      await peer.stop();
      expect(count(peer, 'handed over')).toBe(1);
    });

    test('where no KDC answers', async () => {
      const nowhere = lab.realm.configuration('down', (text) =>
        text.replace(/ kdc = 127.*/, ' kdc = 127.0.0.1:1'),
      );
      lab.see({ KRB5_CONFIG: nowhere });
      const { signIn } = await ask(await acceptor());
      expect(signIn).toMatchObject({
        mechanism: 'NTLM in CredSSP 6',
        refused: [{ mechanism: 'Kerberos', why: expect.stringContaining('No domain controller') as string }],
      });
      // One login alone: it was NTLM's.
      expect(heard.filter((what) => what === 'taken')).toHaveLength(1);
    });

    test('where the account has no domain', async () => {
      const peer = await acceptor([], { accounts: [{ ...NTLM_ALICE, domain: '' }] });
      const refusal: unknown = await ask(peer, { ...ALICE, username: 'nobody' }).catch(
        (error: unknown) => error,
      );
      // Refused by NTLM; what matters is which way was gone.
      expect(refusal).toMatchObject({
        signIn: {
          mechanism: 'NTLM in CredSSP 6',
          refused: [{ mechanism: 'Kerberos', why: expect.stringContaining('names no domain') as string }],
        },
      });
    });

    test('where the computer has no key and chooses so, the list of mechanisms signed', async () => {
      const peer = await acceptor([], withoutKey());
      const { answers, signIn } = await ask(peer, LAB_ALICE, {}, '<a/>', '<b/>');
      expect(answers).toEqual(['<a/>', '<b/>']);
      expect(signIn).toMatchObject({
        mechanism: 'NTLM in CredSSP 6',
        why: 'CredSSP was asked for. The computer does not take Kerberos. By NTLM only somebody who can check the account names the computer.',
        refused: [{ mechanism: 'Kerberos', why: 'The computer chose NTLM instead.' }],
      });
      await peer.stop();
      expect(count(peer, 'handed over')).toBe(1);
    });
  });

  describe('the password is not handed over', () => {
    test('where it is wrong: the KDC is told once, and nobody by NTLM', async () => {
      const failed = () => lab.realm.log().split('PREAUTH_FAILED').length;
      const earlier = failed();
      const peer = await acceptor();
      const channel = lab.channel(
        peer,
        { ...LAB_ALICE, password: 'passw0rd!' },
        { authentication: 'Credssp', beforeLogin },
      );
      for (const soap of ['<a/>', '<b/>'])
        await expect(channel.post(soap, new AbortController().signal)).rejects.toMatchObject({
          kind: 'unauthenticated',
          info: { errorId: 'LogonFailure' },
        });
      channel.close();
      expect(failed() - earlier).toBe(1);
      expect(heard).toEqual(['asked', 'refused', 'ended']);
      await peer.stop();
      expect([count(peer, 'token'), count(peer, 'handed over')]).toEqual([0, 0]);
    });

    test.each(['token', 'status', '401'])(
      'nor shown by NTLM to a computer that cannot read the ticket, and says so by %s',
      async (way) => {
        const realm = lab.keep(await makeRealm({ commands: PEOPLE, services: ['WSMAN/localhost'] }));
        const env = { ...lab.realm.env, KRB5_KTNAME: realm.env.KRB5_KTNAME };
        const peer = await acceptor(['--refuse-by', way], { env });
        await expect(ask(peer)).rejects.toMatchObject({
          kind: 'denied',
          signIn: {
            mechanism: expect.stringContaining('Kerberos in CredSSP') as string,
            spn: 'WSMAN/localhost',
          },
        });
        expect(heard).toEqual(['asked', 'taken', 'ended']); // by the KDC
        await peer.stop();
        expect([count(peer, 'token'), count(peer, 'signed in'), count(peer, 'handed over')]).toEqual([
          1, 0, 0,
        ]);
      },
    );

    test('where TLS is ended between: the ticket is bound to the certificate that is seen here', async () => {
      const peer = await acceptor(['--bound-to', other]);
      await expect(ask(peer)).rejects.toMatchObject({ kind: 'denied' });
      await peer.stop();
      expect([count(peer, 'token'), count(peer, 'handed over')]).toEqual([1, 0]);
    });

    test('where the computer sees another key of TLS than is seen here', async () => {
      const peer = await acceptor(['--key-of', other]);
      await expect(ask(peer)).rejects.toMatchObject({
        kind: 'denied',
        message: expect.stringContaining('took the Kerberos ticket, and then broke CredSSP off') as string,
      });
      await peer.stop();
      expect([count(peer, 'signed in'), count(peer, 'handed over')]).toEqual([1, 0]);
    });

    test.each(['key of another', 'bit flipped', 'echo'])(
      'after an answer to the binding that is a %s',
      async (answer) => {
        const peer = await acceptor(['--answer-with', answer]);
        await expect(ask(peer)).rejects.toMatchObject({ kind: 'protocol' });
        await peer.stop();
        expect([count(peer, 'token'), count(peer, 'signed in'), count(peer, 'handed over')]).toEqual([
          1, 1, 0,
        ]);
      },
    );

    test('where NTLM was chosen, and the list of mechanisms is not signed', async () => {
      const peer = await acceptor(['--strip-signature'], withoutKey());
      await expect(ask(peer)).rejects.toMatchObject({
        kind: 'protocol',
        message: expect.stringContaining('struck the better way out') as string,
      });
      await peer.stop();
      expect(count(peer, 'handed over')).toBe(0);
    });
  });

  test('a ticket for what was offered first needs no signature', async () => {
    const peer = await acceptor(['--strip-signature']);
    expect((await ask(peer)).signIn?.mechanism).toBe('Kerberos in CredSSP 6');
  });
});
