import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { WinRMError } from '../winrm/index.ts';
import { SimulatedRuns } from './simulated-runs.ts';
import type { OnTheWay } from './simulated-runs.ts';

let runs: SimulatedRuns;
beforeEach(() => {
  runs = new SimulatedRuns();
});
const ask = (...argv: string[]) => runs.ask(...argv);
const act = (cmdlet: string, computer: string, ...more: string[]) =>
  runs.finish(ask(cmdlet, computer, '-Name', 'job', ...more));

const CONNECT = '/windows/shell/Connect<';
const DISCONNECT = '/windows/shell/Disconnect<';
const DELETE = '/transfer/Delete<';
const READS = '<rsp:DesiredStream CommandId=';
const never = () => new Promise<never>(() => undefined);
const broken = () => Promise.reject(new WinRMError('unreachable', 'The connection was broken off.'));

/** A run whose process is gone by the time that it would have sent this: nothing of it happens any more. */
async function killedBefore(what: string, cmdlet: string, ...more: string[]): Promise<void> {
  let isGone: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (isGone = resolve));
  const onTheWay: OnTheWay = (soap, send) => {
    if (!soap.includes(what)) return send();
    isGone();
    return never();
  };
  void runs.pssm([cmdlet, 'web01', '-Name', 'job', ...more], { onTheWay });
  await runs.finish(gone);
  expect(await runs.states()).toMatchObject({ job: 'Busy' });
}

const kept = () => (JSON.parse(readFileSync(runs.stateFile, 'utf8')) as { clients: unknown[] }).clients;

const KILLED: readonly (readonly [before: string, cmdlet: string, ...more: string[]])[] = [
  [READS, 'Receive-PSSession'],
  [READS, 'Receive-PSSession', '-Keep'],
  [DELETE, 'Remove-PSSession'],
];
describe.each(KILLED)('after a run that was killed before it sent %s (%s)', (before, killed, ...more) => {
  test.each(['web01', '10.0.0.7'])('the next one disconnects the session, asking %s', async (computer) => {
    await killedBefore(before, killed, ...more);
    expect(await act('Disconnect-PSSession', computer)).toMatchObject({ code: 0, err: '' });
    expect(await runs.states()).toMatchObject({ job: 'None' });
  });

  test.each(['Connect-PSSession', 'Receive-PSSession', 'Remove-PSSession'])(
    'the next %s has it for its own',
    async (cmdlet) => {
      await killedBefore(before, killed, ...more);
      expect((await act(cmdlet, '10.0.0.7')).code).toBe(0);
    },
  );
});

test.each(['Receive-PSSession', 'Remove-PSSession'])(
  '%s that ends well leaves nothing behind in the state file',
  async (cmdlet) => {
    expect((await act(cmdlet, 'web01')).code).toBe(0);
    expect(kept()).toEqual([]);
  },
);

test('what the computer gave to another in that moment is not kept as ours', async () => {
  const others = new SimulatedRuns(); // with a state file of their own
  Object.assign(others, { computer: runs.computer });
  const onTheWay: OnTheWay = async (soap, send) => {
    if (soap.includes(CONNECT)) await others.ask('Connect-PSSession', 'web01', '-Name', 'job');
    return send();
  };
  const { done } = runs.pssm(['Receive-PSSession', 'web01', '-Name', 'job'], { onTheWay });
  expect((await runs.finish(done)).code).toBe(1);
  expect(kept()).toEqual([]);
  const { err } = await act('Disconnect-PSSession', 'web01');
  expect(err).toContain('no run of pssm of this user is on record for it');
  expect(err).toContain('Remove-PSSession -Force ends it');
});

test('a Disconnect that was broken off is told with its reason, and a later run makes up for it', async () => {
  const onTheWay: OnTheWay = (soap, send) => (soap.includes(DISCONNECT) ? broken() : send());
  const { done } = runs.pssm(['Receive-PSSession', 'web01', '-Name', 'job'], { onTheWay });
  const { code, err } = await runs.finish(done);
  expect(code).toBe(1);
  expect(err).toContain('The session job could not be left: The connection was broken off.');
  expect(err).toContain(
    '[web01] job may still read as in use, for it could not be left: The connection was broken off. Disconnect-PSSession',
  );
  expect(err).not.toContain('in time');
  expect(await act('Disconnect-PSSession', 'WEB01')).toMatchObject({ code: 0, err: '' });
});

test('one that was broken off, and whose second try at the end was not, is no failure', async () => {
  let asked = 0;
  const onTheWay: OnTheWay = (soap, send) => (soap.includes(DISCONNECT) && asked++ === 0 ? broken() : send());
  const { done } = runs.pssm(['Receive-PSSession', 'web01', '-Name', 'job', '-Json'], { onTheWay });
  expect(await runs.finish(done)).toMatchObject({ code: 0, err: '' });
  expect(asked).toBe(2);
  expect(await runs.states()).toMatchObject({ job: 'None' });
});

test('so it does where the run was stopped while Disconnect had no answer', async () => {
  const stop = new AbortController();
  let asked = 0;
  const onTheWay: OnTheWay = (soap, send, signal) => {
    if (!soap.includes(DISCONNECT)) return send();
    if (asked++ > 0) return broken(); // the last try, at the end
    setImmediate(() => stop.abort(new Error('stopped')));
    return new Promise((_, reject) => signal.addEventListener('abort', reject));
  };
  const { done } = runs.pssm(['Receive-PSSession', 'web01', '-Name', 'job'], {
    onTheWay,
    signal: stop.signal,
  });
  const { code, err } = await runs.finish(done);
  expect(code).toBe(1);
  expect(err).toMatch(/job may still read as in use[^]*Stopped\.\n$/);
  expect(await act('Disconnect-PSSession', 'web01')).toMatchObject({ code: 0, err: '' });
});

test.each(['Connect-PSSession', 'Receive-PSSession', 'Remove-PSSession'])(
  'a Connect of %s whose answer never came, nor that of the Disconnect after it, is made up for',
  async (cmdlet) => {
    const onTheWay: OnTheWay = async (soap, send) => {
      if (soap.includes(DISCONNECT)) return broken();
      const answer = await send();
      return soap.includes(CONNECT) ? broken() : answer;
    };
    const { done } = runs.pssm([cmdlet, 'web01', '-Name', 'job'], { onTheWay });
    const { code, err } = await runs.finish(done);
    expect(code).toBe(1);
    expect(err).toMatch(
      /job could not be left and may still read as in use; Disconnect-PSSession -ComputerName web01 .*-InstanceId \S+ leaves it\./,
    );
    expect(await runs.states()).toMatchObject({ job: 'Busy' });
    expect(await act('Disconnect-PSSession', 'web01')).toMatchObject({ code: 0, err: '' });
  },
);

test.each([
  ['', []],
  [' of a session that an earlier run connected', []],
  [' by -Force', ['-Force']],
])(
  'a Delete%s that was carried out and not answered is told as one, and not as a session that is in use',
  async (whose, more) => {
    if (whose.includes('earlier')) await act('Connect-PSSession', 'web01');
    let isDeleted = false;
    const silent = () => Promise.reject(new WinRMError('timeout', 'It did not answer within 70 s.'));
    const onTheWay: OnTheWay = async (soap, send) => {
      if (isDeleted && soap.includes(DISCONNECT)) return silent();
      const answer = await send();
      isDeleted ||= soap.includes(DELETE);
      return soap.includes(DELETE) ? silent() : answer;
    };
    const argv = ['Remove-PSSession', 'web01', '-Name', 'job', ...more];
    const { code, err } = await runs.finish(runs.pssm(argv, { onTheWay }).done);
    expect(code).toBe(1);
    expect(err).toMatch(/did not answer within 70 s\.\n[^]*Remedy : .*it may have been removed by now/);
    expect(err).not.toMatch(/could not be left|Try again/);
    const told =
      /job may have been removed by now, or still read as in use: Get-PSSession -ComputerName web01 .*-InstanceId \S+ shows it\. Where it is there, Disconnect-PSSession .* leaves it\.\n/;
    expect(told.test(err)).toBe(more.length === 0);
  },
);

test('what a run that goes on is in, is taken from it by Disconnect-PSSession alone', async () => {
  await killedBefore(READS, 'Receive-PSSession');
  const io = { processId: 2, isRunning: (processId: number) => processId === 1 }; // and so it was not killed
  const other = (cmdlet: string) => runs.finish(runs.pssm([cmdlet, 'web01', '-Name', 'job'], { io }).done);
  for (const cmdlet of ['Connect-PSSession', 'Receive-PSSession', 'Remove-PSSession']) {
    const { code, err } = await other(cmdlet);
    expect(code, cmdlet).toBe(1);
    expect(err).toContain('Another run of pssm (process 1) is in it. Disconnect-PSSession has it leave');
  }
  expect(await runs.states()).toMatchObject({ job: 'Busy' });
  expect((await other('Disconnect-PSSession')).code).toBe(0);
});
