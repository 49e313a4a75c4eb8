import { expect, test } from 'vitest';
import { matches, toPowerShell } from './query.ts';
import type { PSSession } from './session.ts';

const session: PSSession = {
  id: 1,
  name: 'Backup04',
  computerName: 'web01',
  instanceId: 'b6631d8e-65a0-49f2-9053-a1b156c95777',
  state: 'Disconnected',
  availability: 'None',
  configurationName: 'ITTasks',
  shell: { shellId: 'B6631D8E-65A0-49F2-9053-A1B156C95777' },
};

test.each([
  [{}, true],
  [{ name: ['backup*'] }, true],
  [{ name: ['x', 'BACKUP0[1-4]'] }, true],
  [{ name: ['Backup'] }, false],
  [{ instanceId: ['B6631D8E-65A0-49F2-9053-A1B156C95777'] }, true],
  [{ state: 'All' as const }, true],
  [{ state: 'Opened' as const }, false],
  [{ configurationName: 'ittasks' }, true],
  [{ configurationName: 'http://schemas.microsoft.com/powershell/ITTasks' }, true],
  [{ configurationName: 'IT*' }, false],
  [{ configurationName: '' }, true],
  [{ name: ['backup*'], state: 'Disconnected' as const, configurationName: 'JEA' }, false],
])('%j matches: %j', (filter, verdict) => {
  expect(matches(session, filter)).toBe(verdict);
});

test('is printed as PowerShell reads it, with time-outs that it does not take for ticks', () => {
  const line = toPowerShell({
    computerName: ['Server02', 'Server12'],
    name: ["Backup's*"],
    configurationName: 'ITTasks',
    useSSL: true,
    sessionOption: { operationTimeout: 240_000, idleTimeout: -1, noEncryption: true },
  });
  expect(line).toBe(
    "Get-PSSession -ComputerName Server02, Server12 -Name 'Backup''s*' -ConfigurationName ITTasks -UseSSL -SessionOption @{OperationTimeout='00:04:00'; IdleTimeout='-00:00:00.001'; NoEncryption=$true}",
  );
});

test('nothing in a text can end its quotes or become code', () => {
  expect(toPowerShell({ computerName: ["a'; Remove-Item x; '", 'b’$(x)', '-c', '$d', '5'] })).toBe(
    "Get-PSSession -ComputerName 'a''; Remove-Item x; ''', 'b’’$(x)', '-c', '$d', '5'",
  );
});
