import { expect, test } from 'vitest';
import type { ResolvedComputer } from '../shared/inheritance.ts';
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
  position: 0,
});

test('rows are copied with a head, and no cell can make two', () => {
  expect(asTsv([row('1')]).split('\n')).toEqual([
    'State\tAvailability\tName\tComputerName\tConfigurationName\tOwner\tClientIP\tInstanceId',
    'Disconnected\tNone\tNight ly Backup\tsql02\tMicrosoft.PowerShell\tCONTOSO\\ann\t\tb6631d8e-65a0-49f2-9053-a1b156c95777',
  ]);
});

test('as whoever is logged on they are asked without an account, also where one is known', () => {
  const rest = { groupIds: [], tags: [], username: 'LAB\\me' };
  const implicit = { authentication: 'NegotiateWithImplicitCredential' } as const;
  const computers: ResolvedComputer[] = [
    { ...rest, id: '1', computerName: 'web01', options: {}, signIn: { kind: 'loggedOn' } },
    { ...rest, id: '2', computerName: 'web02', options: implicit },
  ];
  const text = asGetPSSession([row('1'), row('2')], computers);
  expect(text.split('\n')).toHaveLength(2);
  expect(text).not.toContain('-Credential');
});

test('as Get-PSSession they are a line a computer, with how it is reached', () => {
  const rest = { groupIds: [], tags: [] };
  const computers: ResolvedComputer[] = [
    { ...rest, id: '1', computerName: 'sql02', options: { useSSL: true, port: 5999 }, username: 'LAB\\me' },
    { ...rest, id: '2', computerName: 'web01', options: {} },
    { ...rest, id: '3', computerName: 'other', options: {} },
  ];
  expect(asGetPSSession([row('2'), row('1'), row('1', 'a1')], computers)).toBe(
    [
      'Get-PSSession -ComputerName sql02 -InstanceId b6631d8e-65a0-49f2-9053-a1b156c95777, a1 -Port 5999 -UseSSL -Credential LAB\\me',
      'Get-PSSession -ComputerName web01 -InstanceId b6631d8e-65a0-49f2-9053-a1b156c95777',
    ].join('\n'),
  );
});
