import { mkdirSync, rmSync } from 'node:fs';
import { Writable } from 'node:stream';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Output } from './io.ts';
import { processOutput } from './process-output.ts';
import { SimulatedRuns } from './simulated-runs.ts';
import type { OnTheWay } from './simulated-runs.ts';

let runs: SimulatedRuns;
beforeEach(() => {
  runs = new SimulatedRuns();
});

const shellNamed = (name: string) => runs.computer.shells.all.find(({ settings }) => settings.name === name);
const make = (...more: string[]) => runs.ask('New-PSSession', 'web01', '-Name', 'made', ...more);

describe('of one that is left the warning says what is known, and a command that asks the same endpoint:', () => {
  test('it was made, and its removal is refused', async () => {
    runs.computer.misbehaviours.plan(
      { action: 'Receive', wrong: { kind: 'fault', code: 2152992672 } },
      { action: 'Delete', wrong: { kind: 'fault', code: 5 } },
    );
    const { err } = await make();
    expect(err).toMatch(
      /The session made \(\S+\) is there all the same: it was made, but did not open, and could not be removed again: This account may not/,
    );
  });

  test('it was made, and the answer to its removal is lost', async () => {
    runs.computer.misbehaviours.plan(
      { action: 'Receive', wrong: { kind: 'fault', code: 2152992672 } },
      { action: 'Delete', wrong: { kind: 'garbage', text: 'none' } },
    );
    expect((await make()).err).toContain('nobody heard whether it was removed again: ');
  });

  test.each([
    [['-ConnectionUri', 'http://web01:8080/wsman'], '-ConnectionUri http://web01:8080/wsman'],
    [['web01', '-Port', '8080'], '-ComputerName web01'],
    [['web01', '-UseSSL', '-ApplicationName', 'other'], '-ComputerName web01'],
  ])('%j', async (where, told) => {
    runs.computer.misbehaviours.plan(
      { action: 'Create', times: 1, wrong: { kind: 'garbage', text: 'none' } },
      { action: 'Delete', times: 1, wrong: { kind: 'garbage', text: 'none' } },
    );
    const { err } = await runs.ask('New-PSSession', ...where);
    expect(err).toContain(`Get-PSSession ${told} -InstanceId`);
    for (const [given, parameter] of [
      ['8080', where.includes('-Port') ? '-Port 8080' : ''],
      ['-UseSSL', '-UseSSL'],
      ['other', '-ApplicationName other'],
    ] as const)
      if (where.includes(given)) expect(err).toContain(parameter);
  });
});

describe('what goes wrong on this machine is no connection that failed:', () => {
  test('a state file that cannot be written: nothing is made, and nothing said of a removal', async () => {
    mkdirSync(runs.stateFile, { recursive: true });
    const { code, out, err } = await make();
    expect([code, out.trim()]).toEqual([1, '']);
    expect(err).toMatch(/\+ FullyQualifiedErrorId : StateFileFailed/);
    expect(err).not.toMatch(/removed|Connecting to remote server/);
    expect(shellNamed('made')).toBeUndefined();
  });

  /** From the first request of that action the state file cannot be written. */
  const unwritableFrom = (action: string) => {
    const onTheWay: OnTheWay = async (soap, send) => {
      if (soap.includes(action)) {
        rmSync(runs.stateFile, { force: true, recursive: true });
        mkdirSync(runs.stateFile, { recursive: true });
      }
      return send();
    };
    return onTheWay;
  };

  test('one that cannot be written any more once the session is made: it is removed again', async () => {
    const argv = ['New-PSSession', 'web01', '-Name', 'made'];
    const onTheWay = unwritableFrom('/windows/shell/Receive<');
    const { code, err } = await runs.finish(runs.pssm(argv, { onTheWay }).done);
    expect(code).toBe(1);
    expect(err).toMatch(/The session made was removed again, for no later run would know it as its own: /);
    expect(err).toMatch(/FullyQualifiedErrorId : StateFileFailed,PSSessionOpenFailed\n/);
    expect(shellNamed('made')).toBeUndefined();
  });

  test('the same, and its removal is refused: it is not said to be removed', async () => {
    runs.computer.misbehaviours.plan({ action: 'Delete', wrong: { kind: 'fault', code: 5 } });
    const argv = ['New-PSSession', 'web01', '-Name', 'made'];
    const onTheWay = unwritableFrom('/windows/shell/Receive<');
    const { err } = await runs.finish(runs.pssm(argv, { onTheWay }).done);
    expect(err).not.toContain('was removed');
    expect(err).toContain('The session made could not be removed again yet, and should be, for');
    expect(err).toMatch(/WARNING: \[web01\] The session made .* it could not be removed again: /);
  });

  test('output that cannot be written: what nobody was told of is removed', async () => {
    const stop = new AbortController();
    const argv = ['New-PSSession', 'web01', '-Name', 'made'];
    const fail = () => stop.abort(new Error('EPIPE'));
    const stdout = {
      isTTY: false,
      write: () => undefined,
      drained: () => undefined,
      written: () => Promise.resolve().finally(fail),
      giveUp: () => undefined,
      unwritten: () => 1,
    };
    const { code } = await runs.finish(runs.pssm(argv, { signal: stop.signal, io: { stdout } }).done);
    expect(code).toBe(1);
    expect(shellNamed('made')).toBeUndefined();
  });

  test('stopped while nobody takes the output, it removes them at once, and takes back what was not taken', async () => {
    const stop = new AbortController();
    const taken: string[] = [];
    const stream = new Writable({ highWaterMark: 1, write: (chunk) => void taken.push(String(chunk)) });
    const output = processOutput(stream, false, () => undefined);
    output.write('before\n');
    let wasThere = false;
    const written = () => {
      wasThere = shellNamed('made') !== undefined;
      setImmediate(() => stop.abort(new Error('stopped')));
      return output.written();
    };
    const stdout: Output = {
      isTTY: false,
      write: (text) => output.write(text),
      drained: () => output.drained(),
      written,
      giveUp: () => output.giveUp(),
      unwritten: () => output.unwritten(),
    };
    const argv = ['New-PSSession', 'web01', '-Name', 'made'];
    const { done } = runs.pssm(argv, { signal: stop.signal, io: { stdout } });
    expect((await runs.finish(done)).code).toBe(1);
    expect(shellNamed('made')).toBeUndefined();
    expect([wasThere, taken, output.unwritten() > 1]).toEqual([true, ['before\n'], true]);
  });
});
