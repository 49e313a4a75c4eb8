import { expect, test } from 'vitest';
import { fromPowerShell } from './from-powershell.ts';
import { toPowerShell } from './to-powershell.ts';

test.each([
  ['Get-PSSession -ComputerName sql02', 'computer:sql02'],
  ['get-pssession sql01, sql02 -State Disconnected', 'computer:sql01,sql02 state:Disconnected'],
  ["gsn -Cn web01 -Name 'Night*','it''s',\"a b\"", `computer:web01 name:Night*,it's,"a b"`],
  ['Get-PSSession -Name:Night* -State All', 'name:Night*'],
  [
    'Get-PSSession -Inst b6631d8e-65a0-49f2-9053-a1b156c95777 -Conf PowerShell.7',
    'id:b6631d8e-65a0-49f2-9053-a1b156c95777 configuration:PowerShell.7',
  ],
  ["Get-PSSession -ComputerName 'odd[1]'", 'computer:odd`[1`]'],
  ['Get-PSSession `\n  -Name a', 'name:a'],
  ['Get-PSSession –Name “two words”', 'name:"two words"'],
  ['Get-PSSession', ''],
])('%s', (line, filter) => {
  expect(fromPowerShell(line)).toEqual({ filter, leftOut: [] });
});

test('what the filter cannot say is named', () => {
  const line =
    'Get-PSSession -ComputerName $names -Credential CONTOSO\\me -UseSSL -Name x -State Odd -Nonsense 1';
  expect(fromPowerShell(line)).toEqual({
    filter: 'name:x',
    leftOut: ['-ComputerName', '-Credential', '-UseSSL', '-State', '-Nonsense'],
  });
  expect(fromPowerShell('Get-PSSession -C x')?.leftOut).toEqual(['-C']); // ComputerName or ConfigurationName
});

test('lines that each name their sessions become one filter; others only where nothing is lost', () => {
  expect(fromPowerShell('Get-PSSession a -InstanceId 1\nGet-PSSession b -InstanceId 2,3')).toEqual({
    filter: 'computer:a,b id:1,2,3',
    leftOut: [],
  });
  expect(fromPowerShell('Get-PSSession a -Name n\r\n\r\nGet-PSSession b -Name n')?.filter).toBe(
    'computer:a,b name:n',
  );
  for (const second of ['Get-PSSession b -Name m', 'Get-PSSession -Name n', 'Get-Process'])
    expect(fromPowerShell(`Get-PSSession a -Name n\n${second}`)).toEqual({
      filter: 'computer:a name:n',
      leftOut: ['all lines but the first'],
    });
});

test.each(['', 'sql02', 'Get-Process', "Get-PSSession 'open", 'idle:>2h'])(
  '%j is no Get-PSSession',
  (text) => {
    expect(fromPowerShell(text)).toBeUndefined();
  },
);

test('what stands behind the command is no computer of it', () => {
  expect(fromPowerShell('Get-PSSession | Remove-PSSession')).toEqual({
    filter: '',
    leftOut: ['| Remove-PSSession'],
  });
  expect(fromPowerShell('Get-PSSession -Name "Night; Job" ; rm x')).toEqual({
    filter: 'name:"Night; Job"',
    leftOut: ['; rm x'],
  });
  expect(fromPowerShell('Get-PSSession web01;Get-Process')).toEqual({
    filter: 'computer:web01',
    leftOut: [';Get-Process'],
  });
  expect(fromPowerShell('Get-PSSession web01 # of today')).toEqual({ filter: 'computer:web01', leftOut: [] });
});

test('what is printed for PowerShell is read back', () => {
  const line = toPowerShell({ computerName: ['a b', "it's"], name: ['Night*'], state: 'Broken' });
  expect(fromPowerShell(line)).toEqual({
    filter: `computer:"a b",it's name:Night* state:Broken`,
    leftOut: [],
  });
});

test('a URI names its computer, and what stands in brackets is one word', () => {
  const option = "-SessionOption @{OperationTimeout='00:04:00'; UICulture='a}b'; NoEncryption=$true}";
  const uris = "-ConnectionUri https://web01:5986/wsman, 'http://[::1]:5985/wsman'";
  expect(fromPowerShell(`Get-PSSession ${uris} -AllowRedirection ${option} -Name n`)).toEqual({
    filter: 'computer:web01,::1 name:n',
    leftOut: ['-AllowRedirection', '-SessionOption'],
  });
  expect(fromPowerShell('Get-PSSession web01 -SessionOption (New-PSSessionOption -SkipCACheck)')).toEqual({
    filter: 'computer:web01',
    leftOut: ['-SessionOption'],
  });
  expect(fromPowerShell('Get-PSSession -ConnectionUri web01')?.leftOut).toEqual(['-ConnectionUri']);
  expect(fromPowerShell('Get-PSSession web01 -SessionOption @{SkipCACheck=$true')).toBeUndefined();
});
