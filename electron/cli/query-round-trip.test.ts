import { expect, test } from 'vitest';
import type { SessionQuery } from '../../shared/query.ts';
import { toPowerShell } from '../../shared/to-powershell.ts';
import { bind } from './binding/bind.ts';
import { parseLine } from './binding/parse-line.ts';
import { findCmdlet } from './cmdlets.ts';
import { toRequest } from './request.ts';

const QUERY: SessionQuery = {
  computerName: ['web01', "o'brien’s", '10.0.0.1', '.', '::1'],
  name: ['Backup*', 'a b', '-x', '5', '$true', '[a-c],`*'],
  state: 'Disconnected',
  configurationName: 'JEA',
  port: 5986,
  useSSL: true,
  authentication: 'Negotiate',
  credential: 'LAB\\alice',
  sessionOption: {
    operationTimeout: 240_000,
    openTimeout: 93_784_005,
    skipCACheck: true,
    outputBufferingMode: 'Drop',
  },
  throttleLimit: 8,
};

test('a printed query is read back as what it was', () => {
  const cmdlet = findCmdlet('Get-PSSession');
  if (!cmdlet) throw new Error('no Get-PSSession');
  const { bound } = bind(cmdlet, parseLine(toPowerShell(QUERY)).args);
  expect([bound.get('ComputerName'), bound.get('Name')]).toEqual([QUERY.computerName, QUERY.name]);
  expect(bound.get('SessionOption')).toEqual({
    OperationTimeout: 240_000,
    OpenTimeout: 93_784_005,
    SkipCACheck: true,
    OutputBufferingMode: 'Drop',
  });
});

test('a query becomes a request with the same meaning', () => {
  const cmdlet = findCmdlet('gsn');
  if (!cmdlet) throw new Error('no Get-PSSession');
  const query: SessionQuery = { ...QUERY, computerName: ['web01', '::1'] };
  const request = toRequest(bind(cmdlet, parseLine(toPowerShell(query)).args));
  expect(request.targets.map(({ url }) => url)).toEqual([
    'https://web01:5986/wsman',
    'https://[::1]:5986/wsman',
  ]);
  expect(request.filter).toEqual({ name: query.name, state: 'Disconnected', configurationName: 'JEA' });
  expect(request).toMatchObject({ userName: 'LAB\\alice', throttleLimit: 8 });
});
