import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { appFolder } from './app-folder.ts';
import type { CommandIO } from './io.ts';
import { recordingIO } from './recording-io.ts';
import { run } from './run.ts';
import { SimulatedRuns } from './simulated-runs.ts';

let folder: string;
beforeEach(() => {
  ({ folder } = new SimulatedRuns());
});
const place = () => appFolder({ environment: {}, platform: 'linux', homeFolder: folder });
/** A folder stands where the file should: nobody can read it, not even root. */
const spoil = (name: string) => mkdirSync(join(place(), name), { recursive: true });

async function pssm(argv: readonly string[], overrides: Partial<CommandIO> = {}) {
  const recording = recordingIO(folder, overrides);
  const code = await run(argv, recording.io);
  return { code, out: recording.out(), err: recording.err() };
}

/** Nobody listens at port 1: only how far it comes counts. */
const AT = ['Get-PSSession', '-ComputerName', '127.0.0.1', '-Port', '1'];

test.each<[string, string[], Partial<CommandIO>]>([
  ['handed in', ['--password-stdin'], {}],
  ['typed', [], { askPassword: () => Promise.resolve('secret') }],
])(
  'an account whose password is %s needs no saved credentials, which is said in a sentence',
  async (_, more, io) => {
    spoil('credentials.json');
    const { err } = await pssm([...AT, '-Credential', 'alice', ...more], io);
    const [warning, failure] = err.split('\n');
    expect(warning).toBe(
      `WARNING: The saved credentials in ${join(place(), 'credentials.json')} could not be read: a folder stands in its place, so 'alice' is taken for an account.`,
    );
    expect(failure).toMatch(/^Get-PSSession: \[127\.0\.0\.1\]/); // it was asked
    expect(err).not.toMatch(/\n {4}at |kept/);
  },
);

test.each<[string, string[]]>([
  ['a credential with no other way to its password', [...AT, '-Credential', 'Lab']],
  ['a certificate', [...AT, '-UseSSL', '-CertificateThumbprint', 'A'.repeat(40)]],
])('where %s is asked for that is one error, with exit code 1', async (_, argv) => {
  spoil('credentials.json');
  const { code, out, err } = await pssm(argv);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(
    /^Get-PSSession: The saved credentials in .* could not be read: a folder stands in its place\.\n/,
  );
  expect(err).toContain('FullyQualifiedErrorId : FileNotReadable,');
  expect(err.match(/^Get-PSSession/gm)).toHaveLength(1);
  expect(err).not.toMatch(/\n {4}at |kept/);
});

test('so it is for the saved computers', async () => {
  spoil('profile.json');
  const { code, err } = await pssm(['Get-PSSession', '-Profile', 'Production']);
  expect(code).toBe(1);
  expect(err).toMatch(
    /^Get-PSSession: The saved computers in .* could not be read: a folder stands in its place\.\n/,
  );
});

test.each([
  ['broken', 'half a fi'],
  ['of a newer version', '{"version": 99}'],
])('of saved computers whose file is %s nobody says that there are no groups', async (_, text) => {
  mkdirSync(place(), { recursive: true });
  writeFileSync(join(place(), 'profile.json'), text);
  const { code, err } = await pssm(['Get-PSSession', '-Profile', 'Production']);
  expect([code, err.match(/FullyQualifiedErrorId/g)?.length]).toEqual([1, 1]);
  expect(err).toMatch(/^Get-PSSession: .*profile\.json/);
  expect(err).toContain('FullyQualifiedErrorId : FileNotReadable,');
  expect(err).not.toMatch(/No groups|WARNING/);
});
