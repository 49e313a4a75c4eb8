import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { SimulatedRuns } from './simulated-runs.ts';
import type { OnTheWay } from './simulated-runs.ts';

let runs: SimulatedRuns;
beforeEach(() => {
  runs = new SimulatedRuns();
});

const shellNamed = (name: string) => runs.computer.shells.all.find(({ settings }) => settings.name === name);
const audited = () =>
  readFileSync(join(runs.folder, '.config', 'PSSession Manager', 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const make = (...more: string[]) => runs.ask('New-PSSession', 'web01', '-Name', 'made', ...more);

describe('New-PSSession', () => {
  test('prints what it made, in the order asked, as PowerShell names it', async () => {
    const { code, out, err } = await runs.ask('New-PSSession', '-ComputerName', 'web01,a,b', '-Name', 'x,y');
    expect(out).toBe(`
 Id Name            Transport ComputerName    ComputerType    State         ConfigurationName     Availability
 -- ----            --------- ------------    ------------    -----         -----------------     ------------
  1 x               WSMan     web01           RemoteMachine   Opened        Microsoft.PowerShell     Available
  2 y               WSMan     a               RemoteMachine   Opened        Microsoft.PowerShell     Available
  3 Runspace3       WSMan     b               RemoteMachine   Opened        Microsoft.PowerShell     Available

`);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('a name that is $null or empty keeps its place, and PowerShell finds one', async () => {
    const made = await runs.json('New-PSSession', '-ComputerName', 'web01,a,b,c', '-Name', "x,$null,z,''");
    expect(made.map(({ Name }) => Name)).toEqual(['x', 'Runspace2', 'z', 'Runspace4']);
  });

  test('JSON has the same names as Get-PSSession’s', async () => {
    const [listed = {}] = await runs.json('Get-PSSession', 'web01');
    const [made = {}] = await runs.json('nsn', 'web01', '-ConfigurationName', 'PowerShell.7');
    expect(Object.keys(made)).toEqual(Object.keys(listed));
    expect(made).toMatchObject({
      Id: 1,
      Name: 'Runspace1',
      State: 'Opened',
      Availability: 'Available',
      ConfigurationName: 'PowerShell.7',
    });
  });

  test('leaves it connected: a later run leaves it as the same client, and removes it', async () => {
    await make();
    expect(await runs.states()).toMatchObject({ made: 'Busy' });
    expect(readFileSync(runs.stateFile, 'utf8')).toContain('"name": "made"');
    expect((await runs.ask('Disconnect-PSSession', 'web01', '-Name', 'made')).code).toBe(0);
    expect(await runs.states()).toMatchObject({ made: 'None' });
    expect((await runs.ask('Remove-PSSession', 'web01', '-Name', 'made')).code).toBe(0);
    expect(shellNamed('made')).toBeUndefined();
    expect(readFileSync(runs.stateFile, 'utf8')).not.toContain('made');
    expect(audited().map(({ action, session, result }) => [action, session, result])).toEqual([
      ['create', 'made', 'done'],
      ['disconnect', 'made', 'done'],
      ['remove', 'made', 'done'],
    ]);
  });

  test('one that is connected still is removed without being left first', async () => {
    await make();
    expect((await runs.ask('Remove-PSSession', 'web01', '-Name', 'made')).code).toBe(0);
    expect(shellNamed('made')).toBeUndefined();
  });

  test.each([
    ['ConnectionUri', ['-ConnectionUri', 'http://web01/wsman']],
    ['the sample fleet', ['-ComputerName', 'web01', '-Sample']],
  ])('%s works too', async (_, where) => {
    const { code, out } = await runs.ask('New-PSSession', ...where);
    expect([code, out]).toEqual([0, expect.stringContaining('Runspace1')]);
  });

  test('without a computer it is made on this one', async () => {
    const { out } = await runs.ask('New-PSSession');
    expect(out).toContain(' localhost ');
  });
});

describe('what fails is told in PowerShell’s frame, one error a computer:', () => {
  test('an unknown configuration', async () => {
    const { code, err } = await make('-ConfigurationName', 'Nothing');
    expect(code).toBe(1);
    expect(err).toContain(
      'New-PSSession: [web01] Connecting to remote server web01 failed with the following error message : The WS-Management service cannot process the request. Cannot find the Nothing session configuration in the WSMan: drive on the web01 computer. For more information, see the about_Remote_Troubleshooting Help topic.\n    + FullyQualifiedErrorId : InvalidResourceUri,PSSessionOpenFailed\n',
    );
    expect(audited()).toMatchObject([{ action: 'create', result: 'failed', errorId: 'InvalidResourceUri' }]);
  });

  test('the quota, beside what was made', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `c${i}`).join(',');
    const { code, out, err } = await runs.ask('New-PSSession', '-ComputerName', names);
    expect(code).toBe(1);
    expect(out.match(/ Opened /g)?.length).toBe(30 - err.match(/-2144108123,PSSessionOpenFailed/g)!.length);
  });

  test('a computer that is not there', async () => {
    const { code, out, err } = await runs.ask('New-PSSession', '-ComputerName', 'dead,web01', '-Name', 'd,w');
    expect(code).toBe(1);
    expect(err).toContain(
      'New-PSSession: [dead] Connecting to remote server dead failed with the following error message : Nothing listens. For',
    );
    expect(out).toMatch(/ 2 w +WSMan +web01 /);
    expect(readFileSync(runs.stateFile, 'utf8')).not.toContain('"name": "d"');
  });

  test('a pool that does not open is removed again', async () => {
    runs.computer.misbehaviours.plan({ action: 'Receive', wrong: { kind: 'fault', code: 2152992672 } });
    const { code, err } = await make();
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('FullyQualifiedErrorId : IncorrectProtocolVersion,PSSessionOpenFailed'),
    ]);
    expect(shellNamed('made')).toBeUndefined();
    expect(readFileSync(runs.stateFile, 'utf8')).not.toContain('made');
  });

  test('one of which nobody knows, with how to see and end it; a later run can still leave it', async () => {
    runs.computer.misbehaviours.plan(
      { action: 'Create', times: 1, wrong: { kind: 'garbage', text: 'none' } },
      { action: 'Delete', times: 1, wrong: { kind: 'garbage', text: 'none' } },
    );
    const { code, err } = await make();
    expect(code).toBe(1);
    expect(err).toMatch(
      /WARNING: \[web01\] The session made \([\da-f-]{36}\) may be there all the same: its creation was cut off, and nobody heard what became of it\. It could not be removed again: .* Get-PSSession -ComputerName web01 -InstanceId \S+ shows it, Remove-PSSession ends it\./,
    );
    expect(await runs.states()).not.toHaveProperty('made');
    expect(readFileSync(runs.stateFile, 'utf8')).toContain('made');
  });
});

describe('stopped half-way', () => {
  /** At the first request of this action, before or after the computer carried it out. */
  async function stoppedAt(what: string, isCarriedOut: boolean, argv: readonly string[]) {
    const stop = new AbortController();
    let isFirst = true;
    const onTheWay: OnTheWay = async (soap, send, signal) => {
      if (!soap.includes(what) || !isFirst) return send();
      isFirst = false;
      if (isCarriedOut) await send();
      setImmediate(() => stop.abort(new Error('stopped')));
      return new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    };
    return runs.finish(runs.pssm(argv, { signal: stop.signal, onTheWay }).done);
  }

  test.each([
    ['/transfer/Create<', true],
    ['/windows/shell/Receive<', true],
    ['/windows/shell/Receive<', false],
  ])('at %s (carried out: %s) it leaves nothing behind', async (what, isCarriedOut) => {
    const argv = ['New-PSSession', 'web01', '-Name', 'made'];
    const { code, out, err } = await stoppedAt(what, isCarriedOut, argv);
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: 'Stopped.\n' });
    expect(shellNamed('made')).toBeUndefined();
    expect(audited()).toMatchObject([{ action: 'create', result: 'failed', errorId: 'cancelled' }]);
  });

  test('it removes what is made already, too, and writes that down', async () => {
    const argv = ['New-PSSession', '-ComputerName', 'a,b', '-Name', 'one,two', '-ThrottleLimit', '1'];
    const stop = new AbortController();
    const onTheWay: OnTheWay = async (soap, send) => {
      if (soap.includes('Name="two"')) stop.abort(new Error('stopped'));
      return send();
    };
    const { out } = await runs.finish(runs.pssm(argv, { signal: stop.signal, onTheWay }).done);
    expect(out).toBe('');
    expect([shellNamed('one'), shellNamed('two')]).toEqual([undefined, undefined]);
    expect(audited()).toContainEqual(
      expect.objectContaining({ action: 'remove', by: 'app', session: 'one', result: 'done' }),
    );
  });
});

describe('what is not made here is refused in a sentence:', () => {
  test.each([
    [['-EnableNetworkAccess'], '-EnableNetworkAccess counts for sessions on this computer alone'],
    [['-HostName', 'h'], 'The parameter set SSHHost makes sessions by other ways than WS-Management'],
    [['-UseWindowsPowerShell'], 'The parameter set UseWindowsPowerShellParameterSet'],
    [['web01', '-Name', 'a\u0007b'], 'The name of a session cannot hold control characters.'],
    [['-ComputerName', 'a b'], 'One or more computer names are not valid.'],
    [['-Sample'], 'Say on which computers of the sample fleet'],
  ])('%j', async (argv, sentence) => {
    const { code, err } = await runs.ask('New-PSSession', ...argv);
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)]);
  });
});
