import { expect, test } from 'vitest';
import { bind } from './bind.ts';
import { defineCmdlet } from './cmdlet.ts';
import { parseLine } from './parse-line.ts';
import { POWERSHELL_CMDLETS } from './powershell-cmdlets.ts';

const ID = '11111111-1111-1111-1111-111111111111';

/** A few of real PowerShell 7.6.9's answers, for where the whole list is not at hand. */
function answer(line: string): unknown {
  const { command, args } = parseLine(line);
  const source = POWERSHELL_CMDLETS.find(({ name }) => name === command);
  if (!source) throw new Error(`no cmdlet ${command}`);
  const { parameterSet, bound } = bind(defineCmdlet(source), args);
  return [parameterSet, Object.fromEntries(bound)];
}

test.each([
  ['Get-PSSession', ['Name', {}]],
  ['Get-PSSession web01, web02', ['ComputerName', { ComputerName: ['web01', 'web02'] }]],
  ['Get-PSSession 5', ['Id', { Id: [5] }]],
  ['Get-PSSession 5 -Port 80', ['ComputerName', { ComputerName: ['5'], Port: 80 }]],
  [
    'Get-PSSession web01 -AllowRedirection',
    ['ConnectionUri', { ConnectionUri: ['web01'], AllowRedirection: true }],
  ],
  [
    'Get-PSSession -Cn a -State dis -UseSSL:$false',
    ['ComputerName', { ComputerName: ['a'], State: 'Disconnected', UseSSL: false }],
  ],
  ["Get-PSSession -Name 'a b','c''d'", ['Name', { Name: ['a b', "c'd"] }]],
  ['Get-PSSession -Name 007', ['Name', { Name: ['007'] }]],
  ['Get-PSSession -Name:0x10', ['Name', { Name: ['0x10'] }]],
  ['Get-PSSession -Name 1kb', ['Name', { Name: ['1kb'] }]],
  ['Get-PSSession -Name 007,0x10', ['Name', { Name: ['7', '16'] }]],
  ['Get-PSSession -Name (007)', ['Name', { Name: ['7'] }]],
  ['Get-PSSession -Name @(007)', ['Name', { Name: ['7'] }]],
  [
    'Get-PSSession -InstanceId 00000000000000000000000000000007',
    ['InstanceId', { InstanceId: ['00000000-0000-0000-0000-000000000007'] }],
  ],
  ['Get-PSSession -- -web01', ['ComputerName', { ComputerName: ['-web01'] }]],
  ['Receive-PSSession -Computer a -Name s', ['ComputerSessionName', { ComputerName: 'a', Name: 's' }]],
])('%s', (line, expected) => {
  expect(answer(line)).toEqual(expected);
});

test.each([
  ['Get-PSSession -Cn a -ConnectionUri http://b/', 'AmbiguousParameterSet'],
  ['Get-PSSession -Name s -Port 5985', 'MissingMandatoryParameter'],
  [`Get-PSSession web01 -Name s -InstanceId ${ID}`, 'AmbiguousParameterSet'],
  [`Get-PSSession web01 -Name s -InstanceId ${ID} -Bogus 1`, 'AmbiguousParameterSet'],
  [`Get-PSSession web01 -Name s -InstanceId ${ID} -Port x`, 'CannotConvertArgumentNoMessage'],
  [`Connect-PSSession web01 -Name s -InstanceId ${ID}`, 'AmbiguousParameterSet'],
  [`Receive-PSSession web01 -Name s -InstanceId ${ID}`, 'AmbiguousParameterSet'],
  ['Get-PSSession -C a', 'AmbiguousParameter'],
  ['Get-PSSession -Cn a -Credential 0012', 'ParameterArgumentTransformationError'],
  ['Get-PSSession -Bogus 1', 'NamedParameterNotFound'],
  ['Get-PSSession a b', 'PositionalParameterNotFound'],
  ['Get-PSSession -Cn a -Cn b', 'ParameterAlreadyBound'],
  ['Get-PSSession -Cn a -Port', 'MissingArgument'],
  ['Get-PSSession -Cn a -Port 0', 'ParameterArgumentValidationError'],
  ['Get-PSSession -Cn a -Port x', 'CannotConvertArgumentNoMessage'],
  ['Get-PSSession -Cn a -Port 1,2', 'CannotConvertArgument'],
  ['Get-PSSession -Cn a -CertificateThumbprint AB -Authentication Basic', 'ParameterBindingFailed'],
])('%s: %s', (line, errorId) => {
  expect(() => answer(line)).toThrow(expect.objectContaining({ errorId }));
});

test.each([
  ['Receive-PSSession web01,b -Name s', 'System.Uri', 'ConnectionUri'],
  [`Receive-PSSession web01,b -InstanceId ${ID}`, 'System.Uri', 'ConnectionUri'],
  ['Receive-PSSession -ConnectionUri http://a/,http://b/ -Name s', 'System.Uri', 'ConnectionUri'],
  [`Receive-PSSession web01 -InstanceId ${ID},${ID}`, 'System.Guid', 'InstanceId'],
  ['Receive-PSSession a,b', 'System.String', 'Name'],
])('%s: a list is not one %s', (line, type, parameter) => {
  expect(() => answer(line)).toThrow(
    expect.objectContaining({
      errorId: 'CannotConvertArgument',
      message: `Cannot convert 'System.Object[]' to the type '${type}' required by parameter '${parameter}'. Specified method is not supported.`,
    }),
  );
});
