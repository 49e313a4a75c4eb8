import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordingIO } from '../../electron/cli/recording-io.ts';
import { run } from '../../electron/cli/run.ts';
import type { KerberosProvider } from '../../electron/winrm/auth/kerberos-provider.ts';
import { openComputer } from '../../electron/winrm/index.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import type { ChannelOptions, Credential } from '../../electron/winrm/transport/connection.ts';
import { openSystemKerberos } from '../../electron/winrm/transport/kerberos/system-kerberos.ts';
import type { BeforeLogin } from '../../electron/winrm/transport/login.ts';
import { missingAcceptor, startAcceptorIn } from '../peers/acceptor/acceptor.ts';
import type { Acceptor, Surroundings } from '../peers/acceptor/acceptor.ts';
import { makeRealm, missingFakeTime, missingRealm, withClock } from '../peers/kerberos/realm.ts';
import type { Realm } from '../peers/kerberos/realm.ts';
import { missingPowerShellServer, startPowerShellServer } from '../peers/powershell-server.ts';
import { announceSkip } from '../peers/skip.ts';
import { makeSessions } from './make-sessions.ts';

const ALICE: Credential = { username: 'alice@LAB.TEST', password: 'Passw0rd!' };
const LAB_ALICE: Credential = { ...ALICE, username: 'LAB\\alice' };
const never = new AbortController().signal;

const missing = announceSkip('Kerberos against MIT krb5', missingRealm() ?? missingAcceptor());
const missingClock = missing ?? announceSkip('Kerberos and wrong clocks', missingFakeTime());
const missingBackend =
  missing ?? announceSkip('Kerberos in front of real PowerShell', await missingPowerShellServer());

const PEOPLE = [
  'addprinc +requires_preauth -pw Passw0rd! alice',
  'addprinc +requires_preauth -pw Passw0rd! carol',
  'addprinc +requires_preauth -pw Grüße密 zoë',
  'addprinc +requires_preauth -pw Passw0rd! locked',
  'modprinc -allow_tix locked',
  'addprinc +requires_preauth -pw Passw0rd! stale',
  'modprinc -pwexpire 2020-01-01 stale',
];
const SERVICES = ['HTTP/localhost', 'WSMAN/localhost', 'host/localhost'];

const opened: { stop(): Promise<void> }[] = [];
const before = { ...process.env };
let realm: Realm;
let provider: KerberosProvider;
const kerberos = () => provider;

/** From here on it is the one that this process and what it starts see. */
function see(env: Readonly<Record<string, string>>): void {
  Object.assign(process.env, env);
}

beforeAll(async () => {
  if (missing) return;
  realm = await makeRealm({ commands: PEOPLE, services: SERVICES });
  await realm.start();
});
beforeEach(() => {
  see(realm.env);
  // In the app logons are shared for a while; here each test begins without one.
  provider = openSystemKerberos();
});
afterEach(async () => {
  for (const peer of opened.splice(0)) await peer.stop();
});
afterAll(async () => {
  for (const name of ['KRB5_CONFIG', 'KRB5_KTNAME', 'KRB5CCNAME'])
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  await realm.stop();
});

async function acceptor(
  args: readonly string[] = [],
  surroundings: Partial<Surroundings> = {},
): Promise<Acceptor> {
  const offer = ['--offer', 'Negotiate,Kerberos'];
  const peer = await startAcceptorIn({
    accounts: [],
    env: realm.env,
    ...surroundings,
    args: [...offer, ...args],
  });
  opened.unshift(peer);
  return peer;
}

const count = (peer: Acceptor, event: string) => peer.events.filter((one) => one.event === event).length;

/** Posts each text and says what came back, and how the connection was signed in. */
async function ask(
  peer: Pick<Acceptor, 'port'>,
  credential: Credential | undefined,
  { scheme = 'http', ...options }: ChannelOptions & { readonly scheme?: 'http' | 'https' } = {},
  ...texts: readonly string[]
) {
  const endpoint = { scheme, hostname: 'localhost', port: peer.port, path: '/wsman' };
  const channel = openChannel(endpoint, credential, { kerberos, ...options });
  try {
    const answers: string[] = [];
    for (const text of texts.length > 0 ? texts : ['<a/>']) answers.push(await channel.post(text, never));
    return { answers, signIn: channel.signIn };
  } finally {
    channel.close();
  }
}

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
      if (!credential) realm.kinit('alice', ALICE.password);
      const peer = await acceptor();
      const texts = [1, 2, 255, 256, 4_096, 65_537, 1_048_576].map((length) => 'x'.repeat(length));
      const { answers, signIn } = await ask(peer, credential, { authentication }, ...texts, '<ä>密😀</ä>');
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
    const only = realm.configuration(cipher, (text) =>
      text.replace('[realms]', ` permitted_enctypes = ${cipher}\n[realms]`),
    );
    see({ KRB5_CONFIG: only });
    const peer = await acceptor();
    const { answers } = await ask(peer, ALICE, { authentication: 'Kerberos' }, '<a/>', 'x'.repeat(70_000));
    expect(answers[1]).toHaveLength(70_000);
    await peer.stop();
    expect(peer.events.filter(({ event }) => event === 'opened').map(({ header }) => header)).toEqual([
      length,
      length,
    ]);
  });

  test('a name and a password beyond ASCII sign in', async () => {
    const peer = await acceptor();
    const zoë = { username: 'zoë@lab.test', password: 'Grüße密' };
    expect((await ask(peer, zoë, { authentication: 'Kerberos' })).signIn?.account).toBe('zoë@LAB.TEST');
  });

  test.each(['WSMAN/localhost', 'host/localhost'])(
    '%s is asked for where nothing else is known',
    async (spn) => {
      const other = await makeRealm({ commands: PEOPLE, services: [spn] });
      opened.push(other);
      await other.start();
      see(other.env);
      const peer = await acceptor([], { env: other.env });
      const { signIn } = await ask(peer, ALICE, { authentication: 'Kerberos' });
      expect(signIn?.spn).toBe(spn);
    },
  );

  test('with IncludePortInSPN the port is a part of the name, and no other is asked for', async () => {
    const peer = await acceptor();
    const withPort = { authentication: 'Kerberos', includePortInSPN: true } as const;
    await expect(ask(peer, ALICE, withPort)).rejects.toMatchObject({
      message: expect.stringContaining(`HTTP/localhost:${peer.port}`),
      info: { errorId: 'TargetUnknown', faultCode: 2148074243 },
    });
    expect(realm.log()).not.toContain(`WSMAN/localhost:${peer.port}`);
    realm.admin([`addprinc -randkey HTTP/localhost:${peer.port}`], [`HTTP/localhost:${peer.port}`]);
    expect((await ask(peer, ALICE, withPort)).signIn?.spn).toBe(`HTTP/localhost:${peer.port}`);
  });

  test('a server that has no key for Kerberos is signed in to by NTLM, the list of mechanisms signed', async () => {
    const peer = await acceptor([], {
      accounts: [{ domain: 'LAB', username: 'alice', password: ALICE.password }],
      env: { ...realm.env, KRB5_KTNAME: `FILE:${realm.folder}/none` },
    });
    const { answers, signIn } = await ask(peer, LAB_ALICE, { authentication: 'Negotiate' }, '<a/>', '<b/>');
    expect(answers).toEqual(['<a/>', '<b/>']);
    expect(signIn).toMatchObject({
      mechanism: 'NTLM in Negotiate',
      refused: [{ mechanism: 'Kerberos', why: 'The computer chose NTLM instead.' }],
    });
    await peer.stop();
    expect(count(peer, 'token')).toBe(3);
  });
});

describe.skipIf(missing !== undefined)('what goes wrong with Kerberos', () => {
  const refusals = (what: string) =>
    realm
      .log()
      .split('\n')
      .filter((line) => line.includes(what)).length;
  const heard: string[] = [];
  const beforeLogin: BeforeLogin = () => {
    heard.push('asked');
    return Promise.resolve({
      taken: () => void heard.push('taken'),
      refused: () => void heard.push('refused'),
      ended: () => void heard.push('ended'),
    });
  };
  beforeEach(() => void heard.splice(0));

  test.each(['Kerberos', 'Negotiate'] as const)(
    'a wrong password is told to the KDC once, and to nobody by NTLM: %s',
    async (authentication) => {
      const peer = await acceptor();
      const earlier = refusals('PREAUTH_FAILED');
      const endpoint = { scheme: 'http', hostname: 'localhost', port: peer.port, path: '/wsman' } as const;
      const channel = openChannel(
        endpoint,
        { ...ALICE, password: 'passw0rd!' },
        { authentication, beforeLogin, kerberos },
      );
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
      realm
        .log()
        .split('\n')
        .filter((line) => /AS_REQ.*ISSUE.*carol/.test(line)).length;
    const carol = { ...ALICE, username: 'carol@LAB.TEST' };
    const peers = await Promise.all([acceptor(), acceptor(), acceptor()]);
    await Promise.all(peers.map((peer) => ask(peer, carol, { authentication: 'Kerberos', beforeLogin })));
    expect(heard.filter((what) => what === 'taken')).toHaveLength(3);
    expect(issued()).toBe(1);
  });

  test.each([
    ['an account that is locked', { ...ALICE, username: 'locked@LAB.TEST' }, /locked or disabled/],
    ['a password that has expired', { ...ALICE, username: 'stale@LAB.TEST' }, /has expired/],
    ['an account that nobody knows', { ...ALICE, username: 'mallory@LAB.TEST' }, /knows no account mallory/],
    ['a domain that nobody knows', { ...ALICE, username: 'alice@OTHER.TEST' }, /is known for OTHER\.TEST/],
  ])('%s is called by its name', async (_, credential, message) => {
    const peer = await acceptor();
    await expect(ask(peer, credential, { authentication: 'Kerberos' })).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
  });

  test('without a ticket an account is asked for; a ticket that came meanwhile is used', async () => {
    see({ KRB5CCNAME: `FILE:${realm.folder}/empty` });
    const peer = await acceptor();
    const endpoint = { scheme: 'http', hostname: 'localhost', port: peer.port, path: '/wsman' } as const;
    const channel = openChannel(endpoint, undefined, { kerberos });
    await expect(channel.post('<a/>', never)).rejects.toMatchObject({
      kind: 'unauthenticated',
      info: { errorId: 'ExplicitCredentialsRequired', faultCode: 2150858981 },
    });
    realm.kinit('alice', ALICE.password);
    see(realm.env);
    expect(await channel.post('<a/>', never)).toBe('<a/>');
    channel.close();
  });

  test('a computer in a realm that this one does not know is told apart from a wrong name', async () => {
    see({
      KRB5_CONFIG: realm.configuration('elsewhere', (text) =>
        text.replaceAll('localhost = LAB', 'localhost = OTHER'),
      ),
    });
    const peer = await acceptor();
    await expect(ask(peer, ALICE, { authentication: 'Kerberos' })).rejects.toMatchObject({
      message: expect.stringMatching(/HTTP\/localhost/),
    });
  });

  test('a KDC that is down: Kerberos says so, Negotiate goes on by NTLM', async () => {
    const nowhere = realm.configuration('down', (text) => text.replace(/ kdc = 127.*/, ' kdc = 127.0.0.1:1'));
    see({ KRB5_CONFIG: nowhere });
    const peer = await acceptor([], {
      accounts: [{ domain: 'LAB', username: 'alice', password: ALICE.password }],
    });
    await expect(ask(peer, ALICE, { authentication: 'Kerberos' })).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'No domain controller of LAB.TEST answers, so there is no Kerberos.',
    });
    const { signIn } = await ask(peer, LAB_ALICE, { authentication: 'Negotiate' });
    expect(signIn).toMatchObject({
      mechanism: 'NTLM in Negotiate',
      refused: [{ mechanism: 'Kerberos', why: expect.stringContaining('No domain controller') }],
    });
  });
});

describe.skipIf(missingClock !== undefined)('Kerberos and wrong clocks', () => {
  test('a computer whose clock is an hour ahead says so', async () => {
    const peer = await acceptor([], { under: withClock('+1h') });
    await expect(ask(peer, ALICE, { authentication: 'Kerberos' })).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('clocks'),
    });
  });

  test('a ticket that has expired is called so', async () => {
    await realm.halt();
    await realm.start('-2d');
    realm.kinit('alice', ALICE.password, '-2d');
    await realm.halt();
    await realm.start();
    const peer = await acceptor();
    for (const authentication of ['Kerberos', 'Default'] as const)
      await expect(ask(peer, undefined, { authentication })).rejects.toMatchObject({
        message: 'The Kerberos ticket has expired.',
        info: { errorId: 'ExplicitCredentialsRequired' },
      });
  });

  test('a KDC whose clock is an hour ahead is told apart from a wrong password', async () => {
    const strict = realm.configuration('strict', (text) =>
      text.replace('[realms]', ' kdc_timesync = 0\n[realms]'),
    );
    see({ KRB5_CONFIG: strict });
    await realm.halt();
    await realm.start('+1h');
    try {
      const peer = await acceptor();
      await expect(ask(peer, ALICE, { authentication: 'Kerberos' })).rejects.toMatchObject({
        kind: 'denied',
        message: expect.stringContaining('clocks'),
      });
    } finally {
      await realm.halt();
      await realm.start();
    }
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
      writeFileSync(path.join(realm.folder, name), `${cert}\n${key}\n`, { mode: 0o600 });
      return path.join(realm.folder, name);
    };
    [pem, otherPem] = [file('shown.pem', shown), file('other.pem', other)];
    trusted = { trustedRoots: [shown.cert] };
  });

  test.each(['Kerberos', 'Negotiate'] as const)(
    'a right binding is taken, and nothing is sealed: %s',
    async (authentication) => {
      const peer = await acceptor(['--certificate', pem, '--bound-to', pem]);
      const options = { ...trusted, authentication, scheme: 'https' } as const;
      const { answers, signIn } = await ask(peer, ALICE, options, '<a/>', '<b/>');
      expect(answers).toEqual(['<a/>', '<b/>']);
      expect(signIn?.isBound).toBe(true);
      await peer.stop();
      expect(count(peer, 'plain')).toBe(2);
      expect(count(peer, 'token')).toBe(1);
    },
  );

  test('a binding to another certificate is refused', async () => {
    const peer = await acceptor(['--certificate', pem, '--bound-to', otherPem]);
    const options = { ...trusted, authentication: 'Kerberos', scheme: 'https' } as const;
    await expect(ask(peer, ALICE, options)).rejects.toMatchObject({ kind: 'denied' });
    await peer.stop();
    expect(count(peer, 'refused')).toBe(1);
    expect(count(peer, 'plain')).toBe(0);
  });
});

describe.skipIf(missingBackend !== undefined)('Kerberos in front of real PowerShell', () => {
  test('the logged-on account lists and removes its session, all of it sealed; pssm needs no -Credential', async () => {
    realm.kinit('alice', ALICE.password);
    const powershell = await startPowerShellServer({ unauthenticated: true });
    opened.push(powershell);
    const { killConnections } = powershell;
    await makeSessions({ ...powershell, killConnections, loseAnswer: () => Promise.resolve() }, [
      { name: 'Nightly', leave: {} },
    ]);
    // The server names its own account after the machine, whatever that is called.
    const owner = (await powershell.state()).shells[0]?.owner ?? '';
    const backend = `http://127.0.0.1:${powershell.port}/wsman`;
    const peer = await acceptor(['--backend', backend, '--owner', owner]);
    const { io, out } = recordingIO(realm.folder, { now: Date.now });
    expect(await run(['Get-PSSession', 'localhost', '-Port', `${peer.port}`, '--json'], io)).toBe(0);
    expect(out()).toContain('"Nightly"');
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
