import { beforeEach, expect, test } from 'vitest';
import { SimulatedRuns } from './simulated-runs.ts';

let runs: SimulatedRuns;
beforeEach(() => {
  runs = new SimulatedRuns();
});

const WAYS: readonly (readonly [string, ...string[]])[] = [
  ['two patterns match it', 'web01', '-Name', 'web,we*'],
  ['its computer is named twice', 'web01,WEB01', '-Name', 'web'],
];

test.each(WAYS)('where %s, a session is connected, left and removed once each', async (_, ...at) => {
  const connected = await runs.ask('Connect-PSSession', ...at);
  expect([connected.code, connected.err, connected.out.match(/ web /g)?.length]).toEqual([0, '', 1]);
  const left = await runs.ask('Disconnect-PSSession', ...at);
  expect([left.code, left.err, left.out.match(/ web /g)?.length]).toEqual([0, '', 1]);
  const shown = await runs.ask('Remove-PSSession', ...at, '-WhatIf');
  expect(shown.out.match(/What if/g)).toHaveLength(1);
  expect(await runs.ask('Remove-PSSession', ...at)).toEqual({ code: 0, out: '', err: '' });
});

test('Get-PSSession lists it as often as PowerShell does', async () => {
  expect(await runs.json('Get-PSSession', 'web01', '-Name', 'web,we*')).toHaveLength(2);
});
