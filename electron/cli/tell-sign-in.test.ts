import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SignInReport } from '../../shared/sign-in-report.ts';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from '../simulator/listen.ts';
import { listeningComputers } from '../simulator/listening-computers.ts';
import { findCmdlet } from './cmdlets.ts';
import { recordingIO } from './recording-io.ts';
import { Reporter } from './report.ts';
import { run } from './run.ts';
import { toRequest } from './request.ts';
import { readCommandLine } from './command-line.ts';
import { tellSignIn } from './tell-sign-in.ts';

const ACCOUNT = { username: 'alice', password: 'from stdin', owner: 'LAB\\alice', isAdministrator: true };
const folder = mkdtempSync(join(tmpdir(), 'pssm-verbose-'));
const KERBEROS: SignInReport = {
  scheme: 'Negotiate',
  mechanism: 'Kerberos in Negotiate',
  account: 'alice@LAB.TEST',
  spn: 'HTTP/web01.lab.test',
  isBound: true,
  why: 'The computer has a name and the account a domain.',
  refused: [],
};

const URL_ASKED = 'http://web01:5985/wsman';

function told(argv: readonly string[], signIn: SignInReport | undefined, url = URL_ASKED): string {
  const { io, err } = recordingIO(folder);
  const line = readCommandLine(argv);
  if (line.kind !== 'cmdlet') throw new Error('no cmdlet');
  const report = new Reporter(findCmdlet('Get-PSSession')!, io.stderr, false);
  tellSignIn(
    { request: toRequest(line.binding), report },
    { computerName: 'web01', url: `${URL_ASKED}?PSVersion=5.1` },
    { signIn, url },
  );
  return err();
}

test('-Verbose says by which mechanism, as whom, for which service and why', () => {
  expect(told(['Get-PSSession', 'web01', '-Verbose'], KERBEROS)).toBe(
    'VERBOSE: [web01] Signed in by Kerberos in Negotiate as alice@LAB.TEST, for HTTP/web01.lab.test, bound to TLS. The computer has a name and the account a domain.\n',
  );
});

test('where it was sent on to is said before, since the account was proven there', () => {
  expect(told(['Get-PSSession', 'web01', '-Verbose'], KERBEROS, 'http://web02:5985/wsman')).toMatch(
    /^VERBOSE: \[web01\] It sent on to http:\/\/web02:5985\/wsman, which was followed\.\nVERBOSE: \[web01\] Signed in/,
  );
});

test('it is said only where it is asked for, and where somebody signed in', () => {
  expect(told(['Get-PSSession', 'web01'], KERBEROS)).toBe('');
  expect(told(['Get-PSSession', 'web01', '-Verbose:$false'], KERBEROS)).toBe('');
  expect(told(['Get-PSSession', 'web01', '-Verbose'], undefined)).toBe('');
});

test.each([
  ['Get-PSSession', '-vb'],
  ['Test-WSMan', '-Verbose'],
  ['Disconnect-PSSession', '-Name', 'none', '-Verbose'],
])('%s tells it of each computer that let somebody in, and of no other', async (...argv) => {
  const listener = new SimulatorListener({ accounts: [ACCOUNT] });
  try {
    const computers = listeningComputers(2, ACCOUNT.owner, 1, REAL_SURROUNDINGS);
    const open = await Promise.all(
      computers.map((one, n) => listener.open(one, { address: `127.0.0.${n + 1}`, port: 0 })),
    );
    for (const [n, { port }] of open.entries()) {
      const { io, err } = recordingIO(folder);
      const [cmdlet = '', ...rest] = argv;
      const where = ['-ComputerName', `127.0.0.${n + 1}`, '-Port', String(port)];
      await run([cmdlet, ...where, ...rest, '-Credential', 'alice', '--password-stdin'], io);
      expect(
        err()
          .split('\n')
          .filter((line) => line.startsWith('VERBOSE: ')),
      ).toEqual([
        `VERBOSE: [127.0.0.${n + 1}] Signed in by NTLM in Negotiate as alice. NTLM needs neither a domain nor a ticket.`,
        `VERBOSE: [127.0.0.${n + 1}] Not Kerberos: 127.0.0.${n + 1} is an address: Kerberos knows computers by their names.`,
      ]);
      const wrong = recordingIO(folder, { readPasswordLine: async () => 'wrong' });
      await run([cmdlet, ...where, ...rest, '-Credential', 'alice', '--password-stdin'], wrong.io);
      expect(wrong.err()).not.toContain('VERBOSE: ');
    }
  } finally {
    listener.close();
  }
});

test('over https it says once whether the certificate was revoked, or why nobody was asked', async () => {
  const listener = new SimulatorListener({
    accounts: [ACCOUNT],
    identity: await makeIdentity(['127.0.0.1']),
  });
  try {
    const [computer] = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS);
    const { port } = await listener.open(computer!, { address: '127.0.0.1', port: 0 });
    const { io, err } = recordingIO(folder);
    const where = ['127.0.0.1', '-UseSSL', '-Port', String(port), '-SessionOption', '@{SkipCACheck=1}'];
    await run(['Get-PSSession', ...where, '-Verbose', '-Credential', 'alice', '--password-stdin'], io);
    expect(err().match(/VERBOSE: .* Its certificate: .*/g)).toEqual([
      'VERBOSE: [127.0.0.1] Its certificate: Whether it was revoked was not checked: it is signed by nobody that this machine knows.',
    ]);
  } finally {
    listener.close();
  }
});
