import { expect, test } from 'vitest';
import { openSimulatedChannel } from '../simulator/channel.ts';
import { readCommandLine } from './command-line.ts';
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
    stdout: { isTTY: false, write: () => undefined, drained: () => draining },
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
  createWriter({ request, io })([
    { stream: 'host', text: 'half a line' },
    { stream: 'warning', text: 'interrupted' },
    { stream: 'host', text: 'and on' },
  ]);
  createWriter({ request, io })([]);
  expect(out()).toBe(
    '{"stream":"host","text":"half a line\\nand on"}\n{"stream":"warning","text":"interrupted"}\n',
  );
});

function bindingOf(...argv: string[]) {
  const line = readCommandLine(argv);
  if (line.kind !== 'cmdlet') throw new Error(line.kind);
  return line.binding;
}
