import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { expect, test } from 'vitest';
import { refusedElsewhere } from '../not-asked.ts';
import { WinRMError } from '../winrm/index.ts';
import { judgeCertificate } from '../winrm/transport/certificate.ts';
import type { Presented, TrustOptions } from '../winrm/transport/certificate.ts';
import { findCmdlet } from './cmdlets.ts';
import { recordingIO } from './recording-io.ts';
import { actionFailure, queryFailure, Reporter } from './report.ts';

test('a failed sign-in tells first why it was not Kerberos, then what was tried, then what it may be', () => {
  const error = new WinRMError('unauthenticated', 'No.', { causes: ['The password is wrong.'] });
  error.signIn = {
    scheme: 'Negotiate',
    mechanism: 'NTLM in Negotiate',
    account: 'alice@OTHER.REALM',
    isBound: false,
    why: 'NTLM needs neither a domain nor a ticket.',
    refused: [{ mechanism: 'Kerberos', why: 'No domain controller is known for OTHER.REALM.' }],
  };
  expect(queryFailure('Get-PSSession', 'web01', error).hints).toEqual([
    'Not Kerberos: No domain controller is known for OTHER.REALM.',
    'Tried  : NTLM in Negotiate as alice@OTHER.REALM',
    'Perhaps: The password is wrong.',
  ]);
});

test('of a computer that was not asked, for the account was refused elsewhere, nothing is said that was tried', () => {
  // On its way it becomes another error, with the same words.
  const { kind, message, info } = refusedElsewhere('alice', false);
  const error = new WinRMError(kind, message, info);
  error.signIn = {
    scheme: 'Basic',
    mechanism: 'Basic',
    account: 'alice',
    isBound: false,
    why: 'It is asked for.',
    refused: [],
  };
  const { hints } = queryFailure('Get-PSSession', 'web02', error);
  expect(hints?.[0]).toMatch(/^Perhaps: The user name or the password is wrong/);
});

test('a line that is longer than anybody reads ends in an ellipsis, whoever wrote it', () => {
  const { io, err } = recordingIO('');
  const reporter = new Reporter(findCmdlet('Get-PSSession')!, io.stderr, false);
  reporter.error({ message: 'a'.repeat(40_000), errorId: 'X', hints: ['b'.repeat(40_000)] });
  reporter.warn('c'.repeat(40_000));
  const lines = err().split('\n');
  expect(lines.map(({ length }) => length < 4_100)).toEqual(lines.map(() => true));
  expect(lines.filter((line) => line.endsWith('…'))).toHaveLength(3);
});

const { cert } = await generate([{ name: 'commonName', value: 'other' }], { keySize: 2048 });
const certificate = new X509Certificate(cert);
const now = Date.parse(certificate.validFrom) + 1_000;
const YEARS_MS = 10 * 366 * 86_400_000;

test.each<[string, Partial<Presented>, TrustOptions, number, RegExp, RegExp]>([
  ['who signed it', { chainError: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, {}, now, /SkipCACheck=/, /DEPTH_ZERO/],
  [
    'its name',
    { chainError: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    { skipCACheck: true },
    now,
    /SkipCNCheck=/,
    /^$/,
  ],
  ['its dates', {}, {}, now + YEARS_MS, /renewed.*Neither SkipCACheck nor SkipCNCheck/, /^$/],
  [
    'what it rests on',
    { chainError: 'CERT_REVOKED' },
    { skipCACheck: true },
    now,
    /renewed.*Neither/,
    /REVOKED/,
  ],
])(
  'the remedy for a certificate whose trouble is %s is one that helps',
  (_, shown, options, at, remedy, detail) => {
    const presented = { certificate, chainError: undefined, nameError: new Error('name'), ...shown };
    let hints: readonly string[] = [];
    try {
      judgeCertificate(presented, 'web01', options, at);
    } catch (error) {
      hints = queryFailure('Get-PSSession', 'web01', error).hints ?? [];
    }
    const of = (word: string) => hints.filter((hint) => hint.startsWith(word)).join();
    expect(of('Remedy')).toMatch(remedy);
    expect(of('Detail')).toMatch(detail);
  },
);

test('where a mistake of our own stands is told once, and drives no terminal', () => {
  const { io, err } = recordingIO('/nowhere');
  const report = new Reporter(findCmdlet('Get-PSSession')!, io.stderr, false);
  const mistake = new TypeError('x\u001B[2J is not a function');
  report.error(queryFailure('Get-PSSession', 'web01', mistake));
  report.error(actionFailure('web02', mistake, '', 'InvalidOperation'));
  report.error(queryFailure('Get-PSSession', 'web03', new WinRMError('timeout', 'No answer.')));
  expect(err().match(/Something went wrong in the app itself\./g)).toHaveLength(2);
  expect(err().match(/^TypeError: x\uFFFD\[2J is not a function\n {4}at .*report\.test\.ts/gm)).toHaveLength(
    1,
  );
  expect(err()).not.toContain('WinRMError');
});
