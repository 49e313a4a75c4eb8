import { expect, test } from 'vitest';
import { openSimulatedChannel } from '../simulator/channel.ts';
import { recordingIO } from './recording-io.ts';
import { run } from './run.ts';
import { ME, SimulatedRuns } from './simulated-runs.ts';

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
