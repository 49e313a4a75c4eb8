import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generate } from 'selfsigned';
import { beforeAll, describe, expect, test } from 'vitest';
import { recordingIO } from '../../electron/cli/recording-io.ts';
import { run } from '../../electron/cli/run.ts';
import { openComputer } from '../../electron/winrm/index.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import type { ChannelOptions } from '../../electron/winrm/transport/connection.ts';
import { makeRealm } from '../peers/kerberos/realm.ts';
import { missingPowerShellServer, startPowerShellServer } from '../peers/powershell-server.ts';
import { announceSkip } from '../peers/skip.ts';
import { ALICE, count, KerberosLab, LAB_ALICE, missingLab, NTLM_ALICE, PEOPLE } from './kerberos-lab.ts';
import { makeSessions } from './make-sessions.ts';

const missing = announceSkip('Kerberos against MIT krb5', missingLab());
const missingBackend =
  missing ?? announceSkip('Kerberos in front of real PowerShell', await missingPowerShellServer());
const lab = new KerberosLab(missing);

describe.skipIf(missing !== undefined)('Kerberos against MIT krb5', () => {
  test.each([
    ['bare, by password', 'Kerberos', ALICE, 'Kerberos'],
    ['in Negotiate, by password', 'Negotiate', ALICE, 'Kerberos in Negotiate'],
    ['as DOMAIN\\user', 'Negotiate', { ...ALICE, username: 'LAB\\alice' }, 'Kerberos in Negotiate'],
    ['bare, by ticket', 'Kerberos', undefined, 'Kerberos'],
    ['in Negotiate, by ticket', 'Negotiate', undefined, 'Kerberos in Negotiate'],
    ['by ticket, as -Authentication is by default', 'Default', undefined, 'Kerberos in Negotiate'],
    ['as the logged-on account', 'NegotiateWithImplicitCredential', undefined, 'Kerberos in Negotiate'],
  ] as const)(
    'signs in %s, and seals every size both ways',
    async (_, authentication, credential, mechanism) => {
      if (!credential) lab.realm.kinit('alice', ALICE.password);
      const peer = await lab.acceptor();
      const texts = [1, 2, 255, 256, 4_096, 65_537, 1_048_576].map((length) => 'x'.repeat(length));
      const { answers, signIn } = await lab.ask(
        peer,
        credential,
        { authentication },
        ...texts,
        '<ä>密😀</ä>',
      );
      expect(answers.map((text) => text.length)).toEqual([...texts.map((text) => text.length), 10]);
      expect(answers.every((text, i) => text === (texts[i] ?? '<ä>密😀</ä>'))).toBe(true);
      expect(signIn).toMatchObject({ mechanism, account: 'alice@LAB.TEST', spn: 'HTTP/localhost' });
      await peer.stop();
      expect(count(peer, 'token')).toBe(1);
      expect(count(peer, 'plain')).toBe(0);
      expect(count(peer, 'opened')).toBe(8);
      expect(peer.events).toContainEqual(
        expect.objectContaining({ event: 'signed in', mechanism: 'kerberos', account: 'alice@LAB.TEST' }),
      );
    },
  );

  test.each([
    ['aes256-cts-hmac-sha1-96', 60],
    ['aes128-cts-hmac-sha1-96', 60],
    ['aes128-cts-hmac-sha256-128', 64],
    ['aes256-cts-hmac-sha384-192', 72],
  ])('with %s the header is %i bytes long', async (cipher, length) => {
    const only = lab.realm.configuration(cipher, (text) =>
      text.replace('[realms]', ` permitted_enctypes = ${cipher}\n[realms]`),
    );
    lab.see({ KRB5_CONFIG: only });
    const peer = await lab.acceptor();
    const { answers } = await lab.ask(
      peer,
      ALICE,
      { authentication: 'Kerberos' },
      '<a/>',
      'x'.repeat(70_000),
    );
    expect(answers[1]).toHaveLength(70_000);
    await peer.stop();
    expect(peer.events.filter(({ event }) => event === 'opened').map(({ header }) => header)).toEqual([
      length,
      length,
    ]);
  });

  test('a ticket that could be passed on stays here: nothing is delegated', async () => {
    const forwardable = lab.realm.configuration('forwardable', (text) =>
      text.replace('[realms]', ' forwardable = true\n[realms]'),
    );
    lab.see({ KRB5_CONFIG: forwardable });
    const peer = await lab.acceptor();
    for (const authentication of ['Kerberos', 'Negotiate'] as const)
      await lab.ask(peer, ALICE, { authentication });
    await peer.stop();
    const signedIn = peer.events.filter(({ event }) => event === 'signed in');
    expect(signedIn.map(({ delegated }) => delegated)).toEqual([false, false]);
  });

  test('a name and a password beyond ASCII sign in', async () => {
    const peer = await lab.acceptor();
    const zoë = { username: 'zoë@lab.test', password: 'Grüße密' };
    expect((await lab.ask(peer, zoë, { authentication: 'Kerberos' })).signIn?.account).toBe('zoë@LAB.TEST');
  });

  test.each(['WSMAN/localhost', 'host/localhost'])(
    '%s is asked for where nothing else is known',
    async (spn) => {
      const other = await makeRealm({ commands: PEOPLE, services: [spn] });
      lab.keep(other);
      await other.start();
      lab.see(other.env);
      const peer = await lab.acceptor([], { env: other.env });
      const { signIn } = await lab.ask(peer, ALICE, { authentication: 'Kerberos' });
      expect(signIn?.spn).toBe(spn);
    },
  );

  test('with IncludePortInSPN the port is a part of the name, and no other is asked for', async () => {
    const peer = await lab.acceptor();
    const withPort = { authentication: 'Kerberos', includePortInSPN: true } as const;
    await expect(lab.ask(peer, ALICE, withPort)).rejects.toMatchObject({
      message: expect.stringContaining(`HTTP/localhost:${peer.port}`),
      info: { errorId: 'TargetUnknown', faultCode: 2148074243 },
    });
    expect(lab.realm.log()).not.toContain(`WSMAN/localhost:${peer.port}`);
    lab.realm.admin([`addprinc -randkey HTTP/localhost:${peer.port}`], [`HTTP/localhost:${peer.port}`]);
    expect((await lab.ask(peer, ALICE, withPort)).signIn?.spn).toBe(`HTTP/localhost:${peer.port}`);
  });

  test('a server that has no key for Kerberos is signed in to by NTLM, the list of mechanisms signed', async () => {
    const peer = await lab.acceptor([], {
      accounts: [NTLM_ALICE],
      env: { ...lab.realm.env, KRB5_KTNAME: `FILE:${lab.realm.folder}/none` },
    });
    const { answers, signIn } = await lab.ask(
      peer,
      LAB_ALICE,
      { authentication: 'Negotiate' },
      '<a/>',
      '<b/>',
    );
    expect(answers).toEqual(['<a/>', '<b/>']);
    expect(signIn).toMatchObject({
      mechanism: 'NTLM in Negotiate',
      refused: [{ mechanism: 'Kerberos', why: 'The computer chose NTLM instead.' }],
    });
    await peer.stop();
    expect(count(peer, 'token')).toBe(3);
  });
});

describe.skipIf(missing !== undefined)('a computer that takes Kerberos by that name alone', () => {
  test.each([
    ['by password', 'Negotiate', ALICE],
    ['by ticket', 'Default', undefined],
  ] as const)(
    'is signed in to by it %s, and what follows is sealed',
    async (_, authentication, credential) => {
      if (!credential) lab.realm.kinit('alice', ALICE.password);
      const peer = await lab.acceptor(['--offer', 'Kerberos'], { accounts: [NTLM_ALICE] });
      const { answers, signIn } = await lab.ask(peer, credential, { authentication }, '<a/>', '<b/>');
      expect(answers).toEqual(['<a/>', '<b/>']);
      expect(signIn).toMatchObject({
        ...{ scheme: 'Kerberos', mechanism: 'Kerberos', spn: 'HTTP/localhost' },
        refused: [{ mechanism: 'Kerberos in Negotiate', why: 'localhost does not offer Negotiate.' }],
      });
      await peer.stop();
      const schemes = peer.events.filter(({ event }) => event === 'token').map(({ scheme }) => scheme);
      expect(schemes).toEqual(['Negotiate', 'Kerberos']);
      expect([count(peer, 'opened'), count(peer, 'plain')]).toEqual([2, 0]);
    },
  );
});

describe.skipIf(missing !== undefined)('names', () => {
  const withDns = () =>
    lab.realm.configuration('with-dns', (text) =>
      text.replace(/ (dns_canonicalize_hostname|rdns) .*\n/g, ''),
    );
  const issued = (log: string, service: string) =>
    log.split('\n').filter((line) => line.includes('ISSUE') && line.includes(` ${service}`)).length;

  test('the service is asked for by the name that was given, though krb5.conf lets DNS name another', async () => {
    lab.see({ KRB5_CONFIG: withDns() });
    const [peer, before] = [await lab.acceptor(), issued(lab.realm.log(), 'HTTP/localhost@LAB.TEST')];
    const endpoint = { scheme: 'http', hostname: '127.0.0.1', port: peer.port, path: '/wsman' } as const;
    const channel = openChannel(endpoint, ALICE, { kerberos: lab.kerberos, authentication: 'Kerberos' });
    await expect(channel.post('<a/>', new AbortController().signal)).rejects.toMatchObject({
      message: expect.stringContaining('HTTP/127.0.0.1'),
      info: { errorId: 'TargetUnknown' },
    });
    channel.close();
    expect(lab.realm.log()).toMatch(/ HTTP\/127\.0\.0\.1@LAB\.TEST, Server not found/);
    expect(issued(lab.realm.log(), 'HTTP/localhost@LAB.TEST')).toBe(before);
    expect((await lab.ask(peer, ALICE, { authentication: 'Kerberos' })).signIn?.spn).toBe('HTTP/localhost');
  });

  test.each([
    ['the KDC refers to it', ' .branch.test = FAR.TEST\n', ''],
    ['krb5.conf tells', '', ' .branch.test = FAR.TEST\n'],
  ])('a computer in another realm is asked for there, as %s', async (_, atKdc, here) => {
    const cross = 'addprinc -pw between krbtgt/FAR.TEST@LAB.TEST';
    const far = await makeRealm({
      name: 'FAR.TEST',
      commands: [cross],
      services: ['HTTP/web01.branch.test'],
    });
    const home = await makeRealm({ commands: [...PEOPLE, cross], services: [] });
    const [kdc = ''] = /kdc = 127.*/.exec(readFileSync(far.env.KRB5_CONFIG, 'utf8')) ?? [];
    const both = (text: string) => text.replace('[realms]', `[realms]\n FAR.TEST = {\n  ${kdc}\n }`);
    const client = home.configuration('client', (text) => both(text) + here);
    home.configuration('krb5.conf', (text) => both(text) + atKdc);
    for (const realm of [lab.keep(far), lab.keep(home)]) await realm.start();
    lab.see({ ...home.env, KRB5_CONFIG: client });
    const logon = await lab.kerberos().logOn({ principal: 'alice@LAB.TEST', password: ALICE.password });
    const session = logon.openSession('HTTP/Web01.branch.test', undefined);
    expect((await session.step())?.length).toBeGreaterThan(500);
    session.release();
    logon.release();
    expect(issued(far.log(), 'HTTP/web01.branch.test@FAR.TEST')).toBe(1);
  });

  test('an account whose suffix is no realm is looked for in this machine’s own', async () => {
    lab.realm.admin(['addprinc +requires_preauth -pw Passw0rd! alice\\@people.example'], []);
    const peer = await lab.acceptor();
    const alice = { username: 'alice@people.example', password: 'Passw0rd!' };
    const { signIn } = await lab.ask(peer, alice, { authentication: 'Negotiate' });
    expect(signIn).toMatchObject({
      mechanism: 'Kerberos in Negotiate',
      account: 'alice\\@people.example@LAB.TEST',
    });
    const wrong = { ...alice, password: 'wrong' };
    await expect(lab.ask(peer, wrong, { authentication: 'Negotiate' })).rejects.toMatchObject({
      message: 'The domain did not accept the password of alice@people.example.',
      info: { errorId: 'LogonFailure' },
    });
    const nobody = { ...alice, username: 'mallory@people.example' };
    await expect(lab.ask(peer, nobody, { authentication: 'Kerberos' })).rejects.toMatchObject({
      message: 'No domain controller is known for PEOPLE.EXAMPLE.',
    });
  });
});

describe.skipIf(missing !== undefined)('Kerberos over TLS, bound to the certificate', () => {
  let pem: string;
  let otherPem: string;
  let trusted: ChannelOptions;
  beforeAll(async () => {
    const make = () =>
      generate([{ name: 'commonName', value: 'localhost' }], {
        keySize: 2048,
        extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
      });
    const [shown, other] = [await make(), await make()];
    const file = (name: string, { cert, private: key }: typeof shown) => {
      writeFileSync(path.join(lab.realm.folder, name), `${cert}\n${key}\n`, { mode: 0o600 });
      return path.join(lab.realm.folder, name);
    };
    [pem, otherPem] = [file('shown.pem', shown), file('other.pem', other)];
    trusted = { trustedRoots: [shown.cert] };
  });

  test.each(['Kerberos', 'Negotiate'] as const)(
    'a right binding is taken, and nothing is sealed: %s',
    async (authentication) => {
      const peer = await lab.acceptor(['--certificate', pem, '--bound-to', pem]);
      const options = { ...trusted, authentication, scheme: 'https' } as const;
      const { answers, signIn } = await lab.ask(peer, ALICE, options, '<a/>', '<b/>');
      expect(answers).toEqual(['<a/>', '<b/>']);
      expect(signIn?.isBound).toBe(true);
      await peer.stop();
      expect(count(peer, 'plain')).toBe(2);
      expect(count(peer, 'token')).toBe(1);
    },
  );

  test('a binding to another certificate is refused', async () => {
    const peer = await lab.acceptor(['--certificate', pem, '--bound-to', otherPem]);
    const options = { ...trusted, authentication: 'Kerberos', scheme: 'https' } as const;
    await expect(lab.ask(peer, ALICE, options)).rejects.toMatchObject({ kind: 'denied' });
    await peer.stop();
    expect(count(peer, 'refused')).toBe(1);
    expect(count(peer, 'plain')).toBe(0);
  });
});

describe.skipIf(missingBackend !== undefined)('Kerberos in front of real PowerShell', () => {
  test('the logged-on account lists and removes its session, all of it sealed; pssm needs no -Credential', async () => {
    lab.realm.kinit('alice', ALICE.password);
    const powershell = await startPowerShellServer({ unauthenticated: true });
    lab.keep(powershell);
    const { killConnections } = powershell;
    await makeSessions({ ...powershell, killConnections, loseAnswer: () => Promise.resolve() }, [
      { name: 'Nightly', leave: {} },
    ]);
    // The server names its own account after the machine, whatever that is called.
    const owner = (await powershell.state()).shells[0]?.owner ?? '';
    const backend = `http://127.0.0.1:${powershell.port}/wsman`;
    const peer = await lab.acceptor(['--backend', backend, '--owner', owner]);
    const { io, out, err } = recordingIO(lab.realm.folder, { now: Date.now });
    const line = ['Get-PSSession', 'localhost', '-Port', `${peer.port}`, '--json', '-Verbose'];
    expect(await run(line, io)).toBe(0);
    expect(out()).toContain('"Nightly"');
    expect(err()).toBe(
      'VERBOSE: [localhost] Signed in by Kerberos in Negotiate as alice@LAB.TEST, for HTTP/localhost. No account was given, so whoever is logged on here signs in.\n',
    );
    const computer = openComputer({ computerName: 'localhost', options: { port: peer.port } });
    const [session] = (await computer.list({}, { strict: true })).sessions;
    expect(session).toMatchObject({ name: 'Nightly', state: 'Disconnected', availability: 'None' });
    expect(computer.signIn).toMatchObject({ mechanism: 'Kerberos in Negotiate', account: 'alice@LAB.TEST' });
    if (session) await computer.remove(session, { force: true });
    expect((await computer.list({}, { strict: true })).sessions).toEqual([]);
    computer.close();
    await peer.stop();
    expect(count(peer, 'plain')).toBe(0);
    expect(count(peer, 'signed in')).toBe(2);
  });
});
