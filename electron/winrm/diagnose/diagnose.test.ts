import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Diagnosis, RungName } from '../../../shared/diagnosis.ts';
import { verdictWord } from '../../../shared/diagnosis.ts';
import { LoginGuard } from '../../login-guard.ts';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from '../../simulator/listen.ts';
import type { ListenOptions } from '../../simulator/listen.ts';
import { listeningComputers } from '../../simulator/listening-computers.ts';
import { diagnoseComputer } from '../index.ts';
import type { DiagnoseOptions } from '../index.ts';
import { liar, reply } from '../transport/liar-fixture.ts';
import { closeRawServers, rawServer, requestServer } from '../transport/raw-server-fixture.ts';

const ACCOUNT = { username: 'alice', password: 'Passw0rd!', owner: 'LAB\\alice', isAdministrator: true };
const LOGIN = { username: ACCOUNT.username, password: ACCOUNT.password };
const never = new AbortController().signal;
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  closeRawServers();
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function listen(options: Partial<ListenOptions> = {}) {
  const listener = new SimulatorListener({ accounts: [ACCOUNT], ...options });
  opened.push(listener);
  const computer = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS)[0]!();
  const { port } = await listener.open(computer, { address: '127.0.0.1', port: 0 });
  return { listener, computer, port };
}

const run = (port: number, more: Partial<DiagnoseOptions> = {}, signal = never): Promise<Diagnosis> =>
  diagnoseComputer(
    {
      computerName: '127.0.0.1',
      credential: LOGIN,
      ...more,
      options: { port, authentication: 'Negotiate', ...more.options },
    },
    signal,
  );

const verdicts = (diagnosis: Diagnosis) =>
  diagnosis.rungs.map((rung) => `${rung.name} ${verdictWord(rung)}`).join(', ');
const rung = ({ rungs }: Diagnosis, name: RungName) => rungs.find((one) => one.name === name)!;

/** Lets every login out, and counts what it hears. */
function counting() {
  const heard: string[] = [];
  const say = (word: string) => () => void heard.push(word);
  const beforeLogin = async () => {
    heard.push('asked');
    return { taken: say('taken'), refused: say('refused'), ended: () => undefined };
  };
  return { heard, beforeLogin };
}

describe('A computer that is well', () => {
  test('is climbed to its sessions by Negotiate over http, with one login', async () => {
    const { listener, port } = await listen();
    const { heard, beforeLogin } = counting();
    const found = await run(port, { beforeLogin });
    expect(verdicts(found)).toBe(
      'name skipped, port passed, tls skipped, offers passed, signIn passed, identify passed, list passed',
    );
    expect(heard).toEqual(['asked', 'taken']);
    expect(listener.counts).toMatchObject({ logins: 1, refusedLogins: 0, connections: 2 });
    expect(found).toMatchObject({
      url: `http://127.0.0.1:${port}/wsman`,
      offered: ['Negotiate', 'Basic'],
      signIn: { account: 'alice', mechanism: 'NTLM in Negotiate', refused: [{ mechanism: 'Kerberos' }] },
    });
    expect(found).not.toHaveProperty('running');
    expect(rung(found, 'signIn').sentence).toBe('By NTLM in Negotiate as alice.');
    expect(rung(found, 'list').sentence).toBe('2 sessions.');
    for (const { verdict, ms } of found.rungs) expect(ms === undefined).toBe(verdict === 'skipped');
  });

  test('by its name: every address is told, and the one that took the connection', async () => {
    const { port } = await listen();
    const found = await run(port, { computerName: 'localhost' });
    expect(rung(found, 'name').sentence).toMatch(/127\.0\.0\.1.*, from this system’s resolver\.$/);
    expect(rung(found, 'port').sentence).toBe('127.0.0.1 took the connection.');
  });

  test('over https its certificate is shown, and the sign-in is bound to it', async () => {
    const { port } = await listen({ identity: await makeIdentity(['127.0.0.1']) });
    const first = await run(port, { options: { useSSL: true } });
    expect(verdicts(first)).toBe(
      'name skipped, port passed, tls failed, offers not reached, signIn not reached, identify not reached, list not reached',
    );
    expect(first.chain).toEqual([
      expect.objectContaining({ subject: 'CN=localhost', names: ['localhost', '127.0.0.1'] }),
    ]);
    expect(rung(first, 'tls')).toMatchObject({
      sentence: 'The certificate of 127.0.0.1 is signed by nobody that this machine knows.',
      remedy: { text: expect.stringContaining('pin this one') as string },
      error: { kind: 'untrusted', certificate: { sha256: first.chain?.[0]?.sha256 } },
    });
    const pinned = await run(port, { options: { useSSL: true, pinnedCertificate: first.chain![0]!.sha256 } });
    expect(rung(pinned, 'tls')).toMatchObject({
      verdict: 'ok',
      sentence: 'It shows the pinned certificate. TLS 1.3.',
    });
    expect(rung(pinned, 'list').verdict).toBe('ok');
    expect(pinned.signIn).toMatchObject({ isBound: true });
  });

  test('what is not checked is a warning, and it goes on', async () => {
    const { port } = await listen({ identity: await makeIdentity(['127.0.0.1']) });
    const found = await run(port, { options: { useSSL: true, sessionOption: { skipCACheck: true } } });
    expect(rung(found, 'tls')).toMatchObject({
      verdict: 'warning',
      sentence: expect.stringContaining('SkipCACheck') as string,
    });
    expect(rung(found, 'list').verdict).toBe('ok');
  });

  test('Basic over http is a warning where it is allowed, and its password is sent nowhere where it is not', async () => {
    const { listener, port } = await listen();
    const allowed = await run(port, { options: { authentication: 'Basic', allowBasicOverHttp: true } });
    expect(rung(allowed, 'tls')).toMatchObject({ verdict: 'warning' });
    expect(rung(allowed, 'list').verdict).toBe('ok');
    const { logins } = listener.counts;
    const forbidden = await run(port, { options: { authentication: 'Basic' } });
    expect(rung(forbidden, 'signIn')).toMatchObject({ verdict: 'failed', error: { kind: 'invalid' } });
    expect(listener.counts).toMatchObject({ logins, refusedLogins: 0 });
  });
});

describe('Where it ends', () => {
  test('at a name that nobody knows', async () => {
    const found = await run(5985, { computerName: 'no-such-computer.invalid' });
    expect(verdicts(found)).toMatch(/^name failed, port not reached/);
    expect(rung(found, 'name').remedy?.command).toBe('nslookup no-such-computer.invalid');
  });

  test('at a closed port, with PowerShell’s word and a command', async () => {
    const { listener, port } = await listen();
    await listener.close();
    const found = await run(port);
    expect(rung(found, 'port')).toMatchObject({
      verdict: 'failed',
      error: { errorId: 'CannotConnect' },
      remedy: { command: 'Enable-PSRemoting -Force' },
    });
    expect(found.rungs.filter(({ sentence }) => sentence === 'Not reached.')).toHaveLength(5);
  });

  test('at a server that takes the connection and says nothing, after the rung’s own time', async () => {
    const { port } = await rawServer(() => undefined);
    const http = await run(port, { limitsMs: { offers: 60 } });
    expect(rung(http, 'offers')).toMatchObject({
      verdict: 'failed',
      sentence: '127.0.0.1 took the connection but answered nothing within 0.1 s.',
      error: { kind: 'timeout' },
    });
    const https = await run(port, { limitsMs: { tls: 60 }, options: { useSSL: true } });
    expect(rung(https, 'tls')).toMatchObject({ verdict: 'failed', error: { kind: 'timeout' } });
    expect(https).not.toHaveProperty('chain');
  });

  test('at a port that speaks no TLS', async () => {
    const { port } = await rawServer((socket) =>
      socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    const found = await run(port, { options: { useSSL: true } });
    expect(rung(found, 'tls')).toMatchObject({ verdict: 'failed', error: { kind: 'protocol' } });
  });

  test('at a web server that knows no WinRM', async () => {
    const server = createServer((_, response) => void response.writeHead(404).end()).listen(0, '127.0.0.1');
    opened.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    const found = await run((server.address() as AddressInfo).port);
    expect(rung(found, 'offers')).toMatchObject({ verdict: 'failed', error: { errorId: 'URLNotAvailable' } });
  });

  test('at a way to sign in that is not offered: the password stays here', async () => {
    const { listener, port } = await listen({ schemes: ['Basic'] });
    const { heard, beforeLogin } = counting();
    const found = await run(port, { beforeLogin });
    expect(rung(found, 'offers')).toMatchObject({
      verdict: 'failed',
      sentence: '127.0.0.1 offers Basic, but not Negotiate, which is chosen for it.',
      remedy: { command: 'Set-Item WSMan:\\localhost\\Service\\Auth\\Negotiate $true' },
    });
    expect(found.offered).toEqual(['Basic']);
    expect(heard).toEqual([]);
    expect(listener.counts).toMatchObject({ logins: 0, refusedLogins: 0, connections: 1 });
  });

  test('at a server that asks nobody who is there: Basic’s password stays here', async () => {
    const seen: (string | undefined)[] = [];
    const { endpoint } = await requestServer((socket, { authorization }) => {
      seen.push(authorization);
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    const { heard, beforeLogin } = counting();
    const options = { authentication: 'Basic', allowBasicOverHttp: true } as const;
    const found = await run(endpoint.port, { beforeLogin, options });
    expect(rung(found, 'offers')).toMatchObject({
      verdict: 'failed',
      sentence: '127.0.0.1 did not ask who is there (HTTP 200), so it is not shown the password.',
    });
    expect({ seen, heard }).toEqual({ seen: [undefined], heard: [] });
  });

  test.each(['Negotiate', 'Basic'] as const)(
    'at a wrong password, which %s sends once',
    async (authentication) => {
      const { listener, port } = await listen();
      const { heard, beforeLogin } = counting();
      const credential = { ...LOGIN, password: 'wrong' };
      const options = { authentication, allowBasicOverHttp: true };
      const found = await run(port, { beforeLogin, credential, options });
      expect(rung(found, 'signIn')).toMatchObject({ verdict: 'failed', error: { kind: 'unauthenticated' } });
      expect(verdicts(found)).toMatch(/signIn failed, identify not reached, list not reached$/);
      expect(heard).toEqual(['asked', 'refused']);
      expect(listener.counts.refusedLogins).toBe(1);
      expect(JSON.stringify(found)).not.toContain('wrong"');
    },
  );

  test.each(['', '<ok/>'])(
    'at a server that says 200 to a wrong password and then “%s” in clear: nobody was signed in',
    async (body) => {
      const type = body && 'Content-Type: application/soap+xml;charset=UTF-8\r\n';
      const { port } = await liar(reply('200 OK', type, body));
      const { heard, beforeLogin } = counting();
      const found = await run(port, { beforeLogin });
      expect(rung(found, 'signIn')).toMatchObject({ verdict: 'failed', error: { kind: 'protocol' } });
      expect(verdicts(found)).toMatch(/signIn failed, identify not reached, list not reached$/);
      expect(heard).toEqual(['asked']);
    },
  );

  test('at the guard: an account that was refused twice elsewhere is not sent', async () => {
    const { listener, port } = await listen();
    const gate = new LoginGuard().gate(LOGIN);
    for (let i = 0; i < 2; i++) (await gate.before(never)).refused();
    const found = await run(port, { beforeLogin: gate.before });
    expect(rung(found, 'signIn')).toMatchObject({
      verdict: 'failed',
      sentence: 'It was not asked, because alice was refused twice elsewhere.',
    });
    expect(listener.counts).toMatchObject({ logins: 0, refusedLogins: 0 });
  });

  test('before the sign-in as long as no password was given, which is no failure', async () => {
    const { port } = await listen();
    const found = await run(port, { noSignIn: 'waiting' });
    expect(rung(found, 'signIn')).toMatchObject({
      verdict: 'skipped',
      sentence: 'No password was given for it yet.',
    });
    expect(verdicts(found)).toMatch(/identify not reached, list not reached$/);
  });

  test('at a fault: who asks was let in all the same', async () => {
    const { computer, port } = await listen();
    computer.misbehaviours.plan({ wrong: { kind: 'fault', code: 5 }, times: 1 });
    const first = await run(port);
    expect(verdicts(first)).toMatch(/signIn passed, identify failed, list not reached$/);
    expect(rung(first, 'identify').error).toMatchObject({ kind: 'denied' });
    computer.misbehaviours.plan({ wrong: { kind: 'fault', code: 2150859174 }, action: 'Enumerate' });
    const second = await run(port);
    expect(verdicts(second)).toMatch(/identify passed, list failed$/);
    expect(rung(second, 'list').error).toMatchObject({ faultCode: 2150859174 });
  });

  test('at a second sign-in: the password is not sent again', async () => {
    const answer =
      '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><IdentifyResponse xmlns="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><ProtocolVersion>1</ProtocolVersion><ProductVendor>v</ProductVendor><ProductVersion>1</ProductVersion></IdentifyResponse></s:Body></s:Envelope>';
    let logins = 0;
    const { endpoint } = await requestServer((socket, { authorization }) => {
      if (authorization) logins++;
      const head = authorization
        ? 'HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nConnection: close'
        : 'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="WSMAN"';
      const body = authorization ? answer : '';
      socket.end(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    const { heard, beforeLogin } = counting();
    const options = { authentication: 'Basic', allowBasicOverHttp: true } as const;
    const found = await run(endpoint.port, { beforeLogin, options });
    expect(rung(found, 'identify')).toMatchObject({
      verdict: 'warning',
      sentence: '127.0.0.1 wants a second sign-in, for which diagnostics send no password.',
    });
    expect(rung(found, 'list').sentence).toBe('Not reached.');
    expect({ logins, heard }).toEqual({ logins: 1, heard: ['asked', 'taken'] });
  });
});

test('every step is told as it comes, with what is tried next', async () => {
  const { port } = await listen();
  const told: string[] = [];
  const changed = ({ running, rungs }: Diagnosis) => void told.push(`${rungs.length} ${running ?? 'over'}`);
  await run(port, { changed });
  expect(told).toEqual([
    '0 name',
    '1 port',
    '2 tls',
    '3 offers',
    '4 signIn',
    '5 identify',
    '6 list',
    '7 over',
  ]);
});

test('whoever stops it hears why, and its connections are ended', async () => {
  let isOpen = false;
  const endpoint = await rawServer((socket) => {
    isOpen = true;
    socket.on('close', () => (isOpen = false));
    socket.resume();
  });
  const stop = new AbortController();
  const changed = ({ running }: Diagnosis) =>
    running === 'offers' && setTimeout(() => stop.abort(new Error('stopped')), 20);
  await expect(run(endpoint.port, { changed }, stop.signal)).rejects.toThrow('stopped');
  await expect.poll(() => isOpen).toBe(false);
});
