import { readFileSync, renameSync, statSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { openSimulatedChannel } from '../simulator/channel.ts';
import { recordingIO } from './recording-io.ts';
import { run } from './run.ts';
import { ME, SimulatedRuns } from './simulated-runs.ts';

let runs: SimulatedRuns;
beforeEach(() => {
  runs = new SimulatedRuns();
});
const ask = (...argv: string[]) => runs.ask(...argv);

describe('Get-PSSession', () => {
  test('prints PowerShell’s table, and apart what PowerShell hides', async () => {
    const { code, out, err } = await ask('Get-PSSession', 'web01');
    expect(out).toMatch(/ web +WSMan +web01 +RemoteMachine +Disconnected +Microsoft.PowerShell +None\n/);
    expect(out).toMatch(/ db1 .* Busy\n/);
    expect(out).toMatch(/Not listed by Get-PSSession:[^]*not PowerShell/);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('--strict lists what PowerShell lists and nothing else', async () => {
    const sessions = await runs.json('Get-PSSession', 'web01', '-Strict');
    expect(sessions.map(({ Name }) => Name)).toEqual(['web', 'db1', 'job']);
  });

  test('JSON has PowerShell’s names and what it does not read', async () => {
    const [session] = await runs.json('Get-PSSession', 'web01', '-Name', 'D*');
    expect(session).toMatchObject({
      Name: 'db1',
      State: 'Disconnected',
      Availability: 'Busy',
      ConfigurationName: 'Microsoft.PowerShell',
      ComputerType: 'RemoteMachine',
      Transport: 'WSMan',
      DisconnectedOn: null,
      Owner: ME,
      ClientIP: '10.0.0.9',
      IdleTimeout: 7_200_000,
      BufferMode: 'Block',
    });
  });

  test('a computer that fails is one error, and the others are listed in the order asked', async () => {
    const { code, out, err } = await ask('Get-PSSession', '-Cn', 'b01,dead,a01', '-Name', 'web');
    expect(code).toBe(1);
    expect(out).toMatch(/ web .* b01 [^]* web .* a01 /);
    expect(err).toBe(
      'Get-PSSession: [dead] The remote session query failed for dead with the following error message: Nothing listens.\n' +
        '    + FullyQualifiedErrorId : RemotePSSessionQueryFailed,Microsoft.PowerShell.Commands.GetPSSessionCommand\n',
    );
  });

  test.each([
    ['Connect-PSSession', 'RemotePSSessionQueryFailed'],
    ['Receive-PSSession', 'ReceivePSSessionQueryForSessionFailed'],
  ])('%s calls a query that failed %s, as PowerShell does', async (cmdlet, word) => {
    const { err } = await ask(cmdlet, 'dead', '-Name', 'web');
    expect(err).toContain(
      `FullyQualifiedErrorId : ${word},Microsoft.PowerShell.Commands.${cmdlet.replace('-', '')}Command`,
    );
  });

  test('a name that nothing has is reported as PowerShell reports it', async () => {
    const { code, err } = await ask('Get-PSSession', 'web01', '-Name', 'web,nope');
    expect(code).toBe(1);
    expect(err).toBe(
      'Get-PSSession: [web01] The command cannot find a PSSession that has the name "nope".\n' +
        '    + FullyQualifiedErrorId : PSSessionNameMatchFail,Microsoft.PowerShell.Commands.GetPSSessionCommand\n',
    );
  });

  test('of several computers a name is missed once, and only where none has it', async () => {
    const { code, out, err } = await ask('Get-PSSession', 'b01,a01', '-Name', 'web,nope');
    expect([code, out.match(/ web /g)?.length]).toEqual([1, 2]);
    expect(err).toBe(
      'Get-PSSession: The command cannot find a PSSession that has the name "nope".\n' +
        '    + FullyQualifiedErrorId : PSSessionNameMatchFail,Microsoft.PowerShell.Commands.GetPSSessionCommand\n',
    );
    const removed = await ask('Remove-PSSession', '-Cn', 'b01,a01', '-Name', 'nope', '-Force');
    expect(removed.err.match(/cannot find a PSSession/g)).toHaveLength(1);
  });

  test('a malformed pattern is PowerShell’s error', async () => {
    const { err } = await ask('Get-PSSession', 'web01', '-Name', '[ab');
    expect(err).toContain('The specified wildcard character pattern is not valid: [ab');
    expect(err).toContain('RuntimeException,Microsoft.PowerShell.Commands.GetPSSessionCommand');
  });

  test('one text is read as PowerShell reads a line', async () => {
    const { out } = await ask("Get-PSSession web01, a01 -Name 'w*'");
    expect(out.match(/ web /g)).toHaveLength(2);
  });
});

describe('Connect-, Receive- and Disconnect-PSSession', () => {
  test('what one run connects, the next disconnects as the same client', async () => {
    expect((await ask('Connect-PSSession', 'web01', '-Name', 'web')).out).toMatch(
      / web .* Opened .* Available\n/,
    );
    expect(await runs.states()).toMatchObject({ web: 'Busy' });
    const { code, out } = await ask('Disconnect-PSSession', 'web01', '-Name', 'web');
    expect(out).toMatch(/ web .* Disconnected .* None\n/);
    expect(code).toBe(0);
    expect(await runs.states()).toMatchObject({ web: 'None' });
    expect((await ask('Connect-PSSession', 'web01', '-Name', 'web')).code).toBe(0);
  });

  test('the state file is the owner’s alone and holds no account’s secret', async () => {
    await ask('Connect-PSSession', 'web01', '-Name', 'web', '-Credential', ME);
    expect(statSync(runs.stateFile).mode & 0o777).toBe(0o600);
    const { clients } = JSON.parse(readFileSync(runs.stateFile, 'utf8')) as { clients: object[] };
    expect(clients).toEqual([
      {
        url: 'http://web01:5985/wsman',
        userName: ME,
        sessionId: expect.stringMatching(/^[\dA-F-]{36}$/) as string,
        usedOn: Date.UTC(2026, 0, 1),
        sessions: [{ instanceId: expect.any(String) as string, name: 'web', state: 'Opened' }],
      },
    ]);
  });

  test('a session that another client has is not taken, and it is said who has it', async () => {
    const connect = await ask('Connect-PSSession', 'web01', '-Name', 'db1');
    expect(connect.err).toContain(
      'Cannot connect PSSession "db1", either because it is not in the Disconnected state',
    );
    expect(connect.err).toContain('in use by LAB\\alice from 10.0.0.9');
    const leave = await ask('Disconnect-PSSession', 'web01', '-Name', 'db1');
    expect(leave.err).toContain('Only that client can disconnect it');
    expect([connect.code, leave.code]).toEqual([1, 1]);
    expect(await runs.states()).toMatchObject({ db1: 'Busy' });
  });

  test('receives what a session said, output on stdout and the rest on stderr, and leaves it', async () => {
    const receiving = runs.pssm(['Receive-PSSession', 'web01', '-Name', 'job']);
    const { code, out, err } = await runs.finish(receiving.done);
    expect(code).toBe(0);
    expect(out).not.toBe('');
    expect(err).toMatch(/^(?:WARNING|VERBOSE|PROGRESS|ERROR|INFORMATION): /m);
    expect(out).not.toMatch(/^(?:WARNING|VERBOSE|PROGRESS|ERROR|INFORMATION): /m);
    expect(await runs.states()).toMatchObject({ job: 'None' });
  });

  test('what an earlier run connected, it receives as well; connected twice it looks the same', async () => {
    const opened = / job .* Opened .* Busy\n/;
    expect((await ask('Connect-PSSession', 'web01', '-Name', 'job')).out).toMatch(opened);
    expect((await ask('Connect-PSSession', 'web01', '-Name', 'job')).out).toMatch(opened);
    const { code, out } = await runs.finish(runs.pssm(['Receive-PSSession', 'web01', '-Name', 'job']).done);
    expect(code).toBe(0);
    expect(out).not.toBe('');
    expect(await runs.states()).toMatchObject({ job: 'None' });
  });

  test('what another client took since is neither connected nor removed, whatever an earlier run noted', async () => {
    await ask('Connect-PSSession', 'web01', '-Name', 'web');
    await ask('Disconnect-PSSession', 'web01', '-Name', 'web');
    const kept = [runs.stateFile, `${runs.stateFile}.bak`];
    const move = (from: string, to: string) => kept.forEach((one) => renameSync(one + from, one + to));
    move('', '.aside'); // somebody without these files is another client, and takes the session
    await ask('Connect-PSSession', 'web01', '-Name', 'web');
    move('.aside', '');
    for (const cmdlet of ['Connect-PSSession', 'Remove-PSSession', 'Disconnect-PSSession']) {
      expect((await ask(cmdlet, 'web01', '-Name', 'web')).code, cmdlet).toBe(1);
    }
    expect(await runs.states()).toMatchObject({ web: 'Busy' });
  });

  test('with --json each thing said is a line', async () => {
    const receiving = runs.pssm(['Receive-PSSession', 'web01', '-Name', 'JOB', '--json', '--keep']);
    const { out } = await runs.finish(receiving.done);
    const lines = out.trim().split('\n');
    const streams = new Set(lines.map((line) => (JSON.parse(line) as { stream: string }).stream));
    expect([...streams]).toContain('output');
    expect(await runs.states()).toMatchObject({ job: 'Busy' }); // kept
  });

  test('stopped while it receives, it leaves the session and says so by its exit code', async () => {
    const stop = new AbortController();
    const receiving = runs.pssm(['Receive-PSSession', 'web01', '-Name', 'job'], { signal: stop.signal });
    while (receiving.out() === '') await new Promise(setImmediate); // it waits for more by then
    expect(await runs.states()).toMatchObject({ job: 'Busy' });
    stop.abort(new Error('stopped'));
    const { code, err } = await receiving.done;
    expect(code).toBe(1);
    expect(err).toMatch(/Stopped\.\n$/);
    expect(await runs.states()).toMatchObject({ job: 'None' });
  });

  test('stopped between two sessions, Connect-PSSession keeps neither', async () => {
    const stop = new AbortController();
    const caller = { owner: ME, clientIP: '10.0.0.5', isAdministrator: true };
    const { io } = recordingIO(runs.folder, {
      signal: stop.signal,
      channelTo:
        ({ computerName }) =>
        () => {
          const channel = openSimulatedChannel(runs.computer, caller, {
            delay: runs.time.delay,
            latencyMs: () => 0,
          });
          // The second computer never answers: by then the first one's session is taken up.
          if (computerName === 'web01') return channel;
          return {
            ...channel,
            post: () => new Promise((_, reject) => stop.signal.addEventListener('abort', reject)),
          };
        },
    });
    const done = run(['Connect-PSSession', 'web01,silent', '-Name', 'web'], io);
    while ((await runs.states())['web'] !== 'Busy') await new Promise(setImmediate);
    stop.abort(new Error('stopped'));
    expect(await done).toBe(1);
    expect(await runs.states()).toMatchObject({ web: 'None' });
  });

  test('an idle time-out beyond the computer’s limits is PowerShell’s error', async () => {
    await ask('Connect-PSSession', 'web01', '-Name', 'web');
    const { err } = await ask('Disconnect-PSSession', 'web01', '-Name', 'web', '-IdleTimeoutSec', '10');
    expect(err).toContain(
      'The session web cannot be disconnected because the specified idle time-out value 10 (seconds) is either greater than the server maximum allowed 2147483 (seconds), or less than the minimum allowed 60 (seconds).',
    );
    const none = await ask('Disconnect-PSSession', 'web01', '-Name', 'web', '-IdleTimeoutSec', '0');
    expect(none.err).toContain('the specified idle time-out value 0 (seconds)');
    expect(await runs.states()).toMatchObject({ web: 'Busy' });
  });
});

describe('Remove-PSSession', () => {
  test('ends a free session and spares one in use, unless it is forced', async () => {
    expect(await ask('Remove-PSSession', 'web01', '-Name', 'web')).toEqual({ code: 0, out: '', err: '' });
    const spared = await ask('Remove-PSSession', 'web01', '-Name', 'db1');
    expect(spared.code).toBe(1);
    expect(spared.err).toContain('-Force removes it without connecting to it');
    expect(await ask('Remove-PSSession', 'web01', '-Name', 'db1', '-Force')).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    expect(Object.keys(await runs.states())).toEqual(['job', 'old']);
  });

  test('what an earlier run is connected to is its own to end', async () => {
    await ask('Connect-PSSession', 'web01', '-Name', 'web');
    expect((await ask('Remove-PSSession', 'web01', '-Name', 'web')).code).toBe(0);
    expect(Object.keys(await runs.states())).not.toContain('web');
  });

  test('-WhatIf only says what it would do', async () => {
    const { out } = await ask('Remove-PSSession', 'web01', '-Name', '*', '-WhatIf');
    expect(out).toMatch(/What if: Performing the operation "Remove-PSSession" on target "web \(/);
    expect(Object.keys(await runs.states())).toContain('web');
  });

  test('without a selection it does not mean every session there', async () => {
    expect((await ask('Remove-PSSession', 'web01')).code).toBe(2);
  });
});

test('Test-WSMan says what answers', async () => {
  const { code, out } = await ask('Test-WSMan', 'web01');
  expect(out).toContain('ProductVersion  : OS: 10.0.20348 SP: 0.0 Stack: 3.0');
  expect(code).toBe(0);
});
