import { beforeEach, describe, expect, test } from 'vitest';
import { recordingIO } from './recording-io.ts';
import { run } from './run.ts';
import { SimulatedRuns } from './simulated-runs.ts';

let runs: SimulatedRuns;
beforeEach(() => {
  runs = new SimulatedRuns();
});
const ask = (...argv: string[]) => runs.ask(...argv);

describe('refusals, all with exit code 2', () => {
  test.each([
    [['Get-PSSession', '-Cn', 'a', '-ConnectionUri', 'http://b/'], 'AmbiguousParameterSet'],
    [['Get-PSSession', '-Cn', 'a', '-Bogus'], 'NamedParameterNotFound'],
    [['Get-PSSession', '-Id', '3'], 'each run of pssm is a process of its own'],
    [['Get-PSSession', 'a b'], 'System.UriFormatException'],
    [['Get-PSSession', '-ConnectionUri', 'wsman'], 'System.NotSupportedException'],
    [['Get-PSSession', 'a', '-SessionOption', '@{ProxyCredential="paul"}'], 'ProxyAccessType None'],
    [
      ['Get-PSSession', 'a', '-SessionOption', '@{OpenTimeout="-0:0:1"}'],
      'OpenTimeout is out of its range: it is milli',
    ],
    [
      ['Get-PSSession', 'a', '-SessionOption', '@{MaximumReceivedObjectSize=-1}'],
      'and none below 0 (no limit)',
    ],
    [['Get-PSSession', 'a', '-SessionOption', '@{IdleTimeout=-5}'], 'IdleTimeout must be 60000 milliseconds'],
    [['Get-PSSession', 'a', '-SessionOption', '@{ProxyAuthentication="Kerberos"}'], 'Negotiate'],
    [['Get-PSSession', 'a', '-SessionOption', '@{IdleTimeout=1000}'], 'must be 60000 milliseconds or more'],
    [['Get-PSSession', 'a', '-SessionOption', '@{IdleTimeout=59999}'], '-1 for the computer'],
    [
      ['Get-PSSession', 'a', '-SessionOption', '@{Culture="not a culture"}'],
      'name of a culture, such as en-US',
    ],
    [['Get-PSSession', '-ConnectionUri', 'http://a/', '-RedirectTo', 'b'], 'only with -AllowRedirection'],
    [['Get-PSSession', 'a', '-OutVariable', 'x'], 'inside PowerShell'],
    [['Get-PSSession', 'a', '-Credential', ''], 'ParameterArgumentTransformationError'],
    [["Get-PSSession a -Credential ''"], 'The user name is empty'],
    [['Get-PSSessions'], 'not recognized'],
  ])('%j', async (argv, words) => {
    const { code, err, out } = await ask(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
  });

  test.each([
    ['Get-PSSession', 'a', '--password=S3cret!'],
    ['Get-PSSession', 'a', '-Password', 'S3cret!'],
    ['Get-PSSession', 'a', '-pwd:S3cret!'],
    ['Get-PSSession a -password=S3cret!'],
  ])('a password as an argument is not taken and not repeated: %s', async (...argv) => {
    const { code, err } = await ask(...argv);
    expect(code).toBe(2);
    expect(err).toContain('never taken from the command line');
    expect(err).not.toContain('S3cret');
  });

  test.each([
    'http://alice:12/ssw0rd@localhost:5985/wsman', // to a URI, alice is the computer and 12 the port
    'http://alice/ssw0rd@localhost:5985/wsman',
    'http://alice?ssw0rd@localhost:5985/wsman',
    'http://alice#ssw0rd@localhost:5985/wsman',
    'alice:ssw0rd@localhost',
  ])('nor as part of a URI, wherever it stands there: %s', async (uri) => {
    for (const argv of [
      ['Get-PSSession', '-ConnectionUri', uri],
      [`Get-PSSession -ConnectionUri '${uri}'`],
    ]) {
      const { code, err } = await ask(...argv);
      expect(code).toBe(2);
      expect(err).toContain('must hold neither user name nor password');
      expect(err).not.toContain('ssw0rd');
    }
  });

  test('a password without an account, or no terminal to ask at: nothing is sent', async () => {
    const none = recordingIO(runs.folder);
    expect(await run(['Get-PSSession', 'a', '--password-stdin'], none.io)).toBe(2);
    expect(none.err()).toContain('needs -Credential');
    const mute = recordingIO(runs.folder);
    expect(await run(['Get-PSSession', 'a', '-Credential', 'LAB\\alice'], mute.io)).toBe(2);
    expect(mute.err()).toContain('--password-stdin');
  });
});

test('without an account whoever is logged on signs in: never to an address, and never by Basic', async () => {
  const { io, err } = recordingIO(runs.folder);
  expect(await run(['Get-PSSession', '192.0.2.1'], io)).toBe(1);
  expect(err()).toContain('CannotUseIPAddress,RemotePSSessionQueryFailed');
  const basic = recordingIO(runs.folder);
  expect(await run(['Get-PSSession', 'a', '-Authentication', 'Basic', '-UseSSL'], basic.io)).toBe(1);
  expect(basic.err()).toContain('ExplicitCredentialsRequired,RemotePSSessionQueryFailed');
});

test('an option without effect is said, not passed over', async () => {
  const { err } = await ask('Get-PSSession', 'web01', '-SessionOption', '@{NoMachineProfile=$true}');
  expect(err).toBe(
    'WARNING: -SessionOption NoMachineProfile has no effect: it counts when a session is created.\n',
  );
});

test('ApplicationArguments are read as PowerShell reads them, and said to travel where a session is created', async () => {
  const given = (text: string) =>
    ask('Get-PSSession', 'web01', '-SessionOption', `@{ApplicationArguments=${text}}`);
  expect((await given('@{Build=1; Names=@{a=1}}')).err).toBe(
    'WARNING: -SessionOption ApplicationArguments has no effect: they count when a session is created.\n',
  );
  expect((await given('$null')).err).toBe('');
  // The words are PowerShell 7.6.9's.
  expect((await given('"text"')).err).toContain(
    'Cannot create object of type "System.Management.Automation.Remoting.PSSessionOption". Cannot convert the "text" value of type "System.String" to type "System.Management.Automation.PSPrimitiveDictionary".',
  );
  expect((await given('@(1,2)')).err).toContain(
    'Cannot convert the "System.Object[]" value of type "System.Object[]" to type',
  );
});

test('the sample fleet can be listed by name', async () => {
  const sample = recordingIO(runs.folder, { now: Date.now });
  expect(await run(['Get-PSSession', 'SQL02', '--sample', '--json'], sample.io)).toBe(0);
  expect(sample.out()).toContain('"NightlyBackup"');
  const stranger = recordingIO(runs.folder);
  expect(await run(['Get-PSSession', 'nobody', '--sample'], stranger.io)).toBe(2);
});

test('help is there for every cmdlet', async () => {
  expect((await ask('help')).out).toContain('Receive-PSSession');
  expect((await ask('disconnect-pssession', '-?')).out).toContain('these sets are pssm');
  expect((await ask('--version')).out).toMatch(/^pssm \d/);
});
