import { expect, test } from 'vitest';
import type { PSSession } from '../shared/session.ts';
import { asGetPSSession, asTsv } from './copy-rows.ts';
import type { Row } from './rows.ts';

const session: PSSession = {
  id: 1,
  name: 'Night\tly\nBackup',
  computerName: 'sql02',
  instanceId: 'b6631d8e-65a0-49f2-9053-a1b156c95777',
  state: 'Disconnected',
  availability: 'None',
  configurationName: 'Microsoft.PowerShell',
  shell: { shellId: 'B6631D8E-65A0-49F2-9053-A1B156C95777', owner: 'CONTOSO\\ann' },
};
const row = (computerId: string, instanceId = session.instanceId): Row => ({
  key: `${computerId}/${instanceId}`,
  computerId,
  instanceId,
  session,
  badge: 'ready',
  at: 0,
  stale: false,
});

const computer = (id: string, computerName: string) => ({
  id,
  computerName,
  groupIds: [],
  tags: [],
  options: {},
});

test('rows are copied with a head, and no cell can make two', () => {
  expect(asTsv([row('1')]).split('\n')).toEqual([
    'State\tAvailability\tName\tComputerName\tConfigurationName\tOwner\tClientIP\tInstanceId',
    'Disconnected\tNone\tNight ly Backup\tsql02\tMicrosoft.PowerShell\tCONTOSO\\ann\t\tb6631d8e-65a0-49f2-9053-a1b156c95777',
  ]);
});

test('as Get-PSSession they are a line a computer, with how it is reached', () => {
  const computers = [
    { ...computer('1', 'sql02'), options: { useSSL: true, port: 5999 }, username: 'LAB\\me' },
    computer('2', 'web01'),
    computer('3', 'other'),
  ];
  expect(asGetPSSession([row('2'), row('1'), row('1', 'a1')], computers)).toBe(
    [
      'Get-PSSession -ComputerName sql02 -InstanceId b6631d8e-65a0-49f2-9053-a1b156c95777, a1 -Port 5999 -UseSSL -Credential LAB\\me',
      'Get-PSSession -ComputerName web01 -InstanceId b6631d8e-65a0-49f2-9053-a1b156c95777',
    ].join('\n'),
  );
});
