import { expect, test } from 'vitest';
import { toPowerShell } from './to-powershell.ts';

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

test('a session option is spelt by its kind: counts and sizes bare, no limit as $null, text in quotes', () => {
  const line = toPowerShell({
    computerName: ['a'],
    sessionOption: {
      maximumConnectionRedirectionCount: 2,
      maximumReceivedObjectSize: 0,
      maximumReceivedDataSizePerCommand: 1024,
      uiCulture: 'de-DE',
      proxyAccessType: 'IEConfig',
      proxyCredential: "it's",
    },
  });
  expect(line).toBe(
    "Get-PSSession -ComputerName a -SessionOption @{MaximumConnectionRedirectionCount=2; MaximumReceivedObjectSize=$null; MaximumReceivedDataSizePerCommand=1024; UICulture='de-DE'; ProxyAccessType='IEConfig'; ProxyCredential='it''s'}",
  );
});

test('another cmdlet stands where Get-PSSession would, whatever the texts say', () => {
  expect(toPowerShell({ computerName: ['Get-PSSession'], port: 15985 }, 'Disconnect-PSSession')).toBe(
    'Disconnect-PSSession -ComputerName Get-PSSession -Port 15985',
  );
});
