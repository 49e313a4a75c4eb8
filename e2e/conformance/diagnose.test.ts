import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { diagnoseComputer } from '../../electron/winrm/index.ts';
import type { Credential, DiagnoseOptions } from '../../electron/winrm/index.ts';
import type { Diagnosis, RungName } from '../../shared/diagnosis.ts';
import { verdictWord } from '../../shared/diagnosis.ts';
import { missingAcceptor, startAcceptorIn } from '../peers/acceptor/acceptor.ts';
import type { Acceptor } from '../peers/acceptor/acceptor.ts';
import { makeRealm, missingRealm } from '../peers/kerberos/realm.ts';
import type { Realm } from '../peers/kerberos/realm.ts';
import { missingPowerShellServer, startPowerShellServer } from '../peers/powershell-server.ts';
import { announceSkip } from '../peers/skip.ts';

const ALICE = { domain: 'LAB', username: 'alice', password: 'Passw0rd!' };
const BY_TICKET: Credential = { username: 'alice@LAB.TEST', password: ALICE.password };
const BY_NTLM: Credential = { username: 'LAB\\alice', password: ALICE.password };
const never = new AbortController().signal;

const missing = announceSkip('Diagnostics against GSSAPI', missingRealm() ?? missingAcceptor());
const missingBackend =
  missing ?? announceSkip('Diagnostics in front of real PowerShell', await missingPowerShellServer());

const opened: { stop(): Promise<void> }[] = [];
const before = { ...process.env };
let realm: Realm;

beforeAll(async () => {
  if (missing) return;
  realm = await makeRealm({
    commands: ['addprinc +requires_preauth -pw Passw0rd! alice'],
    services: ['HTTP/localhost'],
  });
  await realm.start();
  Object.assign(process.env, realm.env);
});
afterEach(async () => {
  for (const peer of opened.splice(0)) await peer.stop();
});
afterAll(async () => {
  if (missing) return;
  for (const name of Object.keys(realm.env)) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await realm.stop();
});

async function acceptor(...args: readonly string[]): Promise<Acceptor> {
  const peer = await startAcceptorIn({ accounts: [ALICE], env: realm.env, args });
  opened.unshift(peer);
  return peer;
}

const run = (
  port: number,
  credential: Credential,
  { authentication = 'Negotiate', ...rest }: DiagnoseOptions['options'] = {},
): Promise<Diagnosis> =>
  diagnoseComputer(
    // An address has no service that a ticket could be for.
    {
      computerName: credential.username === BY_TICKET.username ? 'localhost' : '127.0.0.1',
      credential,
      options: { port, authentication, ...rest },
    },
    never,
  );

const verdicts = ({ rungs }: Diagnosis) => rungs.map((one) => `${one.name} ${verdictWord(one)}`).join(', ');
const rung = ({ rungs }: Diagnosis, name: RungName) => rungs.find((one) => one.name === name)!;
const count = (peer: Acceptor, event: string) => peer.events.filter((one) => one.event === event).length;
const WELL =
  'name passed, port passed, tls skipped, offers passed, signIn passed, identify passed, list passed';

describe.skipIf(missingBackend !== undefined)('Diagnostics in front of real PowerShell', () => {
  test.each([
    ['Kerberos', BY_TICKET, 'By Kerberos as alice@LAB.TEST, for HTTP/localhost.'],
    ['Negotiate', BY_TICKET, 'By Kerberos in Negotiate as alice@LAB.TEST, for HTTP/localhost.'],
    ['Negotiate', BY_NTLM, 'By NTLM in Negotiate as LAB\\alice.'],
  ] as const)(
    'climb to the sessions with -Authentication %s',
    async (authentication, credential, sentence) => {
      const backend = await startPowerShellServer({ unauthenticated: true });
      opened.push(backend);
      const peer = await acceptor(
        ...['--offer', 'Negotiate,Kerberos', '--backend', `http://127.0.0.1:${backend.port}/wsman`],
      );
      const found = await run(peer.port, credential, { authentication });
      expect(verdicts(found)).toBe(
        credential === BY_TICKET ? WELL : WELL.replace('name passed', 'name skipped'),
      );
      expect(found.offered).toEqual(['Negotiate', 'Kerberos']);
      expect(rung(found, 'signIn').sentence).toBe(sentence);
      expect(rung(found, 'list').sentence).toBe('No sessions.');
      await peer.stop();
      expect(count(peer, 'signed in')).toBe(1);
      expect(count(peer, 'opened')).toBe(3); // Identify twice, Enumerate
    },
  );
});

describe.skipIf(missing !== undefined)('Diagnostics against GSSAPI', () => {
  test('a wrong password is refused once by gss-ntlmssp', async () => {
    const peer = await acceptor('--offer', 'Negotiate');
    const found = await run(peer.port, { ...BY_NTLM, password: 'wrong' });
    expect(verdicts(found)).toMatch(/signIn failed, identify not reached, list not reached$/);
    expect(rung(found, 'signIn').error).toMatchObject({ kind: 'unauthenticated' });
    await peer.stop();
    expect(count(peer, 'refused')).toBe(1);
    expect(count(peer, 'signed in')).toBe(0);
  });

  test('a wrong password is refused once by the KDC, and NTLM is not tried with it', async () => {
    const peer = await acceptor('--offer', 'Negotiate,Kerberos');
    const found = await run(peer.port, { ...BY_TICKET, password: 'wrong' });
    expect(rung(found, 'signIn')).toMatchObject({ verdict: 'failed', error: { kind: 'unauthenticated' } });
    await peer.stop();
    expect(count(peer, 'refused') + count(peer, 'signed in')).toBe(0);
  });

  test('what answers like a web server after the sign-in fails at Identify', async () => {
    const peer = await acceptor('--offer', 'Negotiate');
    const found = await run(peer.port, BY_NTLM);
    expect(verdicts(found)).toMatch(/signIn passed, identify failed, list not reached$/);
    expect(rung(found, 'identify').error).toMatchObject({ kind: 'protocol' });
  });
});
