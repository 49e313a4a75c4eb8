import { setMaxListeners } from 'node:events';
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { openSimulatedChannel } from '../simulator/channel.ts';
import { WinRMError } from '../winrm/index.ts';
import { readCommandLine } from './command-line.ts';
import { processOutput } from './process-output.ts';
import { recordingIO } from './recording-io.ts';
import { createWriter } from './stream-writer.ts';
import { toRequest } from './request.ts';
import { run } from './run.ts';
import { ME, SimulatedRuns } from './simulated-runs.ts';
import type { OnTheWay } from './simulated-runs.ts';

test('no more is received than the reader has taken', async () => {
  const runs = new SimulatedRuns();
  let receives = 0;
  let goOn: () => void = () => undefined;
  let draining: Promise<void> | undefined = new Promise((resolve) => (goOn = resolve));
  const { io } = recordingIO(runs.folder, {
    stdout: {
      isTTY: false,
      write: () => undefined,
      drained: () => draining,
      written: () => Promise.resolve(),
      giveUp: () => undefined,
      unwritten: () => 0,
    },
    channelTo: () => () => {
      const caller = { owner: ME, clientIP: '10.0.0.5', isAdministrator: true };
      const { delay } = runs.time;
      const channel = openSimulatedChannel(runs.computer, caller, { delay, latencyMs: () => 0 });
      const post = (soap: string, signal: AbortSignal) => {
        if (soap.includes('<rsp:DesiredStream CommandId=')) receives++;
        return channel.post(soap, signal);
      };
      return { ...channel, post };
    },
  });
  const done = run(['Receive-PSSession', 'web01', '-Name', 'job'], io);
  for (let turn = 0; turn < 100 || receives === 0; turn++) {
    await runs.time.pass(1_000);
    await new Promise(setImmediate);
  }
  expect(receives).toBe(1);
  draining = undefined;
  goOn();
  expect(await runs.finish(done)).toBe(0);
  expect(receives).toBeGreaterThan(1);
});

test.each([[['-WhatIf']], [['-WhatIf', '-Keep']]])(
  'with %j nothing is sent that changes anything',
  async (more) => {
    const runs = new SimulatedRuns();
    const sent = new Set<string>();
    const onTheWay: OnTheWay = (soap, send) => {
      sent.add(/<a:Action[^>]*>[^<]*\/(\w+)</.exec(soap)?.[1] ?? '');
      return send();
    };
    const argv = ['Receive-PSSession', 'web01', '-Name', 'job', ...more];
    const { code, out } = await runs.finish(runs.pssm(argv, { onTheWay }).done);
    expect([
      code,
      out.startsWith('What if: Performing the operation "Receive-PSSession" on target "job ('),
    ]).toEqual([0, true]);
    expect([...sent].filter((action) => !['Enumerate', 'Pull'].includes(action))).toEqual([]);
  },
);

test('with -Json what is said at once is told by stream, each in its own line', () => {
  const { io, out } = recordingIO('/nowhere');
  const request = toRequest(bindingOf('Receive-PSSession', 'web01', '-Name', 'job', '-Json'));
  createWriter(
    { request, io },
    {},
  )([
    { stream: 'host', text: 'half a line' },
    { stream: 'warning', text: 'interrupted' },
    { stream: 'host', text: 'and on' },
  ]);
  createWriter({ request, io }, {})([]);
  expect(out()).toBe(
    '{"stream":"host","text":"half a line\\nand on"}\n{"stream":"warning","text":"interrupted"}\n',
  );
});

const READS = '<rsp:DesiredStream CommandId=';
const DISCONNECT = '/windows/shell/Disconnect<';
const JOB = ['web01', '-Name', 'job'];
const SIGNAL = '/windows/shell/Signal<';

/** A run whose reader takes nothing: each write fails with that code, the next turn. */
function unread(code: string) {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const stream = new Writable({
    write: (_chunk, _encoding, done) =>
      void setImmediate(done, Object.assign(new Error(`${code}: write`), { code })),
  });
  return { signal: stop.signal, io: { stdout: processOutput(stream, false, (error) => stop.abort(error)) } };
}

test.each([
  ['ENOSPC', 'it could not be written'],
  ['EPIPE', 'nobody reads any more'],
])(
  'where a write fails with %s no more is received, and it is said about how much is lost, and of which session',
  async (code, why) => {
    const runs = new SimulatedRuns();
    let receives = 0;
    const onTheWay: OnTheWay = (soap, send) => {
      if (soap.includes(READS)) receives++;
      return send();
    };
    const { err } = await runs.finish(
      runs.pssm(['Receive-PSSession', ...JOB, '-Json'], { ...unread(code), onTheWay }).done,
    );
    expect(receives).toBe(1);
    expect(err).toMatch(
      new RegExp(
        `^WARNING: \\[web01\\] About \\d+ lines? of what job said (is|are) lost: received, but ${why}\\. A computer gives it once\\.\n$`,
      ),
    );
    expect(await runs.states()).toMatchObject({ job: 'None' });
  },
);

test('a command whose end was received before is no failure', async () => {
  const runs = new SimulatedRuns();
  let isOver: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (isOver = resolve));
  const onTheWay: OnTheWay = (soap, send) => {
    if (!soap.includes(SIGNAL)) return send();
    isOver();
    return new Promise(() => undefined); // the process is gone by then
  };
  void runs.pssm(['Receive-PSSession', ...JOB], { onTheWay });
  await runs.finish(over);
  await runs.finish(runs.ask('Disconnect-PSSession', ...JOB));
  const { code, out, err } = await runs.finish(runs.ask('Receive-PSSession', ...JOB));
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('There is no disconnected command associated with this runspace.');
  expect(err).toContain('Perhaps: The command has ended, and all that it said, its end too, was received');
  expect(err).toContain('FullyQualifiedErrorId : InvalidOperation,');
  expect(err).not.toMatch(/JobFailure|without saying how/);
});

describe('where the network fails for good while output is awaited', () => {
  const LOST =
    'WARNING: [web01] An answer about job may have been on its way, and was not waited for any longer. What it held, if any, is lost: a computer gives it once.\n';
  const failing = async (error: WinRMError, ...more: string[]) => {
    const runs = new SimulatedRuns();
    let count = 0;
    const onTheWay: OnTheWay = (soap, send) =>
      soap.includes(READS) && ++count > 1 ? Promise.reject(error) : send();
    return runs.finish(runs.pssm(['Receive-PSSession', ...JOB, ...more], { onTheWay }).done);
  };
  const unreachable = (network: 'before' | 'after') =>
    new WinRMError('unreachable', 'The network failed.', { network });

  test.each([
    ['a gateway answered, or what came cannot be read', new WinRMError('protocol', 'HTTP 502')],
    ['a gateway has no service', new WinRMError('unreachable', 'HTTP 503', { faultCode: 2150859026 })],
  ])('it says so where %s', async (_, error) => {
    const { code, err } = await failing(error);
    expect([code, err.split(LOST).length]).toEqual([1, 2]);
  });

  test.each([[[]], [['-Json']]])('with %j it says that an answer may be lost', async (more) => {
    const { code, out, err } = await failing(unreachable('after'), ...more);
    expect(code).toBe(1);
    expect(err).toContain('The receive operation failed for session job');
    expect(err.split(LOST)).toHaveLength(2);
    expect(out).not.toContain('may have been on its way');
  });

  test.each([
    ['nothing was carried out', unreachable('before')],
    ['the computer answered with a fault', new WinRMError('fault', 'No.', { isFault: true, faultCode: 5 })],
    ['it was sent on', new WinRMError('protocol', 'It redirects.', { faultCode: 2150859161 })],
    ['the account was refused', new WinRMError('unauthenticated', 'No.')],
  ])('it says no such thing where %s', async (_, error) => {
    const { code, err } = await failing(error);
    expect([code, err.includes('The receive operation failed'), err.includes('on its way')]).toEqual([
      1,
      true,
      false,
    ]);
  });
});

/** What becomes of a Receive while another run does something to its session. */
async function beside(...other: string[]) {
  const runs = new SimulatedRuns();
  let count = 0;
  const onTheWay: OnTheWay = async (soap, send) => {
    if (soap.includes(READS) && ++count === 2) await runs.ask(...other);
    return send();
  };
  const received = await runs.finish(runs.pssm(['Receive-PSSession', ...JOB, '-Json'], { onTheWay }).done);
  return { ...received, states: await runs.states() };
}

test('a Receive whose session another run disconnects says that, and neither an error nor that it is in use', async () => {
  const { code, err, states } = await beside('Disconnect-PSSession', ...JOB);
  expect(err).toBe(
    'WARNING: [web01] job was disconnected while it was received, as another run does it. Its command goes on, and what it says from now on waits for the next Receive-PSSession.\n',
  );
  expect([code, states['job']]).toEqual([1, 'None']);
});

test('one whose session is removed meanwhile says one thing once', async () => {
  const { code, err } = await beside('Remove-PSSession', ...JOB, '-Force');
  expect([code, err.match(/FullyQualifiedErrorId/g)?.length]).toEqual([1, 1]);
  expect(err).not.toMatch(/could not be left|in use/);
});

test.each(['Disconnect-PSSession', 'Remove-PSSession'])(
  'a session that %s is faster with, right at the end, needs not be left',
  async (faster) => {
    const runs = new SimulatedRuns();
    let isFirst = true;
    const onTheWay: OnTheWay = async (soap, send) => {
      if (soap.includes(DISCONNECT) && isFirst) {
        isFirst = false;
        await runs.ask(faster, ...JOB, ...(faster.startsWith('R') ? ['-Force'] : []));
      }
      return send();
    };
    const { code, err } = await runs.finish(runs.pssm(['Receive-PSSession', ...JOB], { onTheWay }).done);
    expect([code, err.includes('in use'), err.includes('could not be left')]).toEqual([0, false, false]);
  },
);

function bindingOf(...argv: string[]) {
  const line = readCommandLine(argv);
  if (line.kind !== 'cmdlet') throw new Error(line.kind);
  return line.binding;
}
