import { expect, test } from 'vitest';
import { fromPowerShell } from '../shared/from-powershell.ts';
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
  shell: {
    shellId: 'B6631D8E-65A0-49F2-9053-A1B156C95777',
    resourceUri: 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell',
    owner: 'CONTOSO\\ann',
  },
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

test('no name runs as a formula where it is pasted, and numbers stay what they are', () => {
  const named = (name: string) =>
    asTsv([{ ...row('1'), session: { ...session, name } }])
      .split('\t')
      .at(-6);
  for (const name of ['=1+1', '+1+1', '-1+1', '@SUM(A1)', ' =1', '-cmd|x!A1'])
    expect([name, named(name)]).toEqual([name, `'${name}`]);
  expect(named('\t=1')).toBe("' =1");
  expect(named('\rx')).toBe("' x");
  for (const name of ['-5', '+5', '-1.5', '-', '–', 'a=b', 'night-ly', '']) expect(named(name)).toBe(name);
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

test('the line reaches the computer as it is reached here: options, redirection, configuration', () => {
  const rest = { groupIds: [], tags: [], username: 'LAB\\a' };
  const sessionOption = {
    useUTF16: true,
    skipCACheck: true,
    proxyAccessType: 'IEConfig',
    operationTimeout: 90_000,
    noMachineProfile: true, // which a question is not about
  } as const;
  const basic = { authentication: 'Basic', allowBasicOverHttp: true } as const;
  const redirectTo = ['https://gw02:5986', 'https://web03:443'];
  const computers: ResolvedComputer[] = [
    { ...rest, id: '1', computerName: 'web01', options: { ...basic, sessionOption } },
    { ...rest, id: '2', computerName: 'web02', options: { configurationName: 'Microsoft.PowerShell' } },
    { ...rest, id: '3', computerName: 'web03', options: { useSSL: true, redirectTo } },
    { ...rest, id: '4', computerName: 'web04', options: { configurationName: 'ITTasks' } },
  ];
  const text = asGetPSSession([row('1', 'a1'), row('2', 'a2'), row('3', 'a3'), row('4', 'a4')], computers);
  expect(text.split('\n')).toEqual([
    "Get-PSSession -ComputerName web01 -InstanceId a1 -Authentication Basic -Credential LAB\\a -SessionOption @{UseUTF16=$true; SkipCACheck=$true; ProxyAccessType='IEConfig'; OperationTimeout='00:01:30'; NoEncryption=$true}",
    'Get-PSSession -ComputerName web02 -InstanceId a2 -ConfigurationName Microsoft.PowerShell -Credential LAB\\a',
    'Get-PSSession -ConnectionUri https://web03:5986/wsman -InstanceId a3 -AllowRedirection -Credential LAB\\a',
    // It is held, though its computer is narrowed to another configuration.
    'Get-PSSession -ComputerName web04 -InstanceId a4 -Credential LAB\\a',
    '# pssm follows web03 to another computer only with --redirect-to gw02.',
  ]);
  const pasted = fromPowerShell(text);
  expect(pasted?.filter).toBe('computer:web01,web02,web03,web04 id:a1,a2,a3,a4');
  expect(pasted?.leftOut).toContain('-ConfigurationName'); // of one line alone
});

test('what a line cannot say is said below it, and no id of a credential stands in it', () => {
  const proxyCredential = '00000000-0000-4000-8000-000000000001';
  const sessionOption = { proxyAccessType: 'AutoDetect', proxyCredential } as const;
  const options = { useSSL: true, pinnedCertificate: 'a'.repeat(64), sessionOption };
  const computers = [{ id: '1', computerName: 'web01', options, groupIds: [], tags: [] }];
  expect(asGetPSSession([row('1', 'a1')], computers).split('\n')).toEqual([
    "Get-PSSession -ComputerName web01 -InstanceId a1 -UseSSL -SessionOption @{ProxyAccessType='AutoDetect'}",
    '# The certificate of web01 is trusted in the app alone; a prompt asks who signed it.',
    '# The account for the proxy before web01 is to be added as ProxyCredential.',
  ]);
});
