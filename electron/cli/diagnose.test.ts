import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from '../simulator/listen.ts';
import type { ListenOptions } from '../simulator/listen.ts';
import { listeningComputers } from '../simulator/listening-computers.ts';
import type { CommandIO } from './io.ts';
import { recordingIO } from './recording-io.ts';
import { run } from './run.ts';

const ACCOUNT = { username: 'alice', password: 'Passw0rd!', owner: 'LAB\\alice', isAdministrator: true };
const AS_ALICE = ['-Credential', 'alice', '--password-stdin'];
let listener: SimulatorListener | undefined;
afterEach(() => listener?.close());

async function listen(options: Partial<ListenOptions> = {}) {
  listener = new SimulatorListener({ accounts: [ACCOUNT], ...options });
  const [computer] = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS);
  return (await listener.open(computer!, { address: '127.0.0.1', port: 0 })).port;
}

async function diagnose(argv: readonly string[], overrides: Partial<CommandIO> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-diagnose-'));
  const readPasswordLine = () => Promise.resolve(ACCOUNT.password);
  const { io, out, err } = recordingIO(folder, { readPasswordLine, ...overrides });
  const code = await run(['Test-WSMan', '-Diagnose', ...argv], io);
  return { code, out: out(), err: err() };
}

test('every step stands in columns with its verdict in a word, and why this mechanism was used', async () => {
  const port = await listen();
  const { code, out, err } = await diagnose(['127.0.0.1', '-Port', `${port}`, ...AS_ALICE]);
  const told = out.replace(/ +\d+ ms/g, '  N ms').replaceAll(`${port}`, '5985');
  expect(told).toMatch(
    new RegExp(
      [
        '^\\n127\\.0\\.0\\.1  http://127\\.0\\.0\\.1:5985/wsman\\n',
        '  Name +skipped +127\\.0\\.0\\.1 is an address\\.',
        '  Port 5985 +passed  N ms  127\\.0\\.0\\.1 took the connection\\.',
        '  TLS +skipped +Not used over http: what is sent after the sign-in is sealed by it\\. TrustedHosts is not needed here\\.',
        '  Ways to sign in +passed  N ms  It offers Negotiate, Basic\\.',
        '  Sign-in +passed  N ms  By NTLM in Negotiate as alice\\.',
        '  Identify +passed  N ms  Microsoft Corporation, .*',
        '  List sessions +passed  N ms  2 sessions\\.\\n',
        'Why this mechanism\\n  Offered +Negotiate, Basic',
        '  Used +NTLM in Negotiate, as alice',
        '  Because +NTLM needs neither a domain nor a ticket\\.',
        '  Not Kerberos +.*\\n\\n$',
      ].join('\\n'),
    ),
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test('a step that fails is exit code 1, with causes and a command, and the rest is not reached', async () => {
  const port = await listen();
  await listener?.close();
  const { code, out } = await diagnose(['127.0.0.1', '-Port', `${port}`, ...AS_ALICE]);
  expect(out).toMatch(/Port \d+ +failed .*nothing listens on port/);
  expect(out).toMatch(/\n {2}Sign-in +not reached\n/);
  expect(out).toMatch(/What to do\n {2}Perhaps {2}PowerShell remoting is not enabled there.*\n/);
  expect(out).toContain('Run      Enable-PSRemoting -Force\n');
  expect(code).toBe(1);
});

test('a certificate that is not trusted is shown in full', async () => {
  const port = await listen({ identity: await makeIdentity(['127.0.0.1']) });
  const { code, out } = await diagnose(['127.0.0.1', '-Port', `${port}`, '-UseSSL', ...AS_ALICE]);
  expect(out).toMatch(/Certificate\n {2}Issued to {2}CN=localhost\n {2}Issued by {2}CN=localhost\n/);
  expect(out).toMatch(/ {2}SHA-256 {4}[\da-f]{64}\n/);
  expect(code).toBe(1);
});

test('a wrong password is sent once and stands nowhere', async () => {
  const port = await listen();
  const readPasswordLine = () => Promise.resolve('S3cret-that-is-wrong');
  const asked = await diagnose(['127.0.0.1', '-Port', `${port}`, ...AS_ALICE], { readPasswordLine });
  expect(asked.out).toMatch(/Sign-in +failed .*did not accept the user name or password/);
  expect(asked.code).toBe(1);
  expect(listener?.counts.refusedLogins).toBe(1);
  expect(asked.out + asked.err).not.toContain('S3cret');
});

test('JSON has every step, the certificates and the sign-in', async () => {
  const port = await listen();
  const { code, out } = await diagnose(['127.0.0.1', '-Port', `${port}`, '--json', ...AS_ALICE]);
  const [one] = JSON.parse(out) as { Steps: { Step: string; Verdict: string }[] }[];
  expect(one?.Steps.map(({ Step, Verdict }) => `${Step} ${Verdict}`)).toEqual([
    ...['name skipped', 'port passed', 'tls skipped', 'offers passed'],
    ...['signIn passed', 'identify passed', 'list passed'],
  ]);
  expect(one).toMatchObject({
    ComputerName: '127.0.0.1',
    Uri: `http://127.0.0.1:${port}/wsman`,
    Offered: ['Negotiate', 'Basic'],
    SignIn: { account: 'alice', scheme: 'Negotiate' },
    Certificates: [],
  });
  expect(code).toBe(0);
});

test('the sample fleet is climbed as well, in the order asked', async () => {
  const { code, out } = await diagnose(['web01,sql01', '--sample']);
  expect(out.match(/^\w+ {2}http:.*/gm)).toEqual([
    'web01  http://web01:5985/wsman',
    'sql01  http://sql01:5985/wsman',
  ]);
  expect(out.match(/List sessions +passed/g)).toHaveLength(2);
  expect(code).toBe(0);
});

test('another cmdlet has no such parameter', async () => {
  const { io, err } = recordingIO(mkdtempSync(join(tmpdir(), 'pssm-diagnose-')));
  expect(await run(['Get-PSSession', 'web01', '-Diagnose'], io)).toBe(2);
  expect(err()).toContain('NamedParameterNotFound');
});
