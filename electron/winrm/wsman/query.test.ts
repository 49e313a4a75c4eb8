import { expect, test } from 'vitest';
import type { SessionFilter } from '../../../shared/query.ts';
import { WinRMError } from '../error.ts';
import { querySessions } from './query.ts';
import { script } from './scripted.ts';

const PS = 'http://schemas.microsoft.com/powershell/';
const id = (n: number) => `0000000${n}-AAAA-4AAA-8AAA-AAAAAAAAAAAA`;
const list = (...shells: string[]) =>
  `<n:EnumerateResponse><n:EnumerationContext/>${shells.length > 0 ? `<w:Items>${shells.join('')}</w:Items>` : ''}<w:EndOfSequence/></n:EnumerateResponse>`;
const shell = (
  n: number,
  name: string | undefined,
  rest = '',
  { state = 'Disconnected', uri = `${PS}Microsoft.PowerShell` } = {},
) =>
  `<rsp:Shell><rsp:ShellId>${id(n)}</rsp:ShellId>${name === undefined ? '' : `<rsp:Name>${name}</rsp:Name>`}<rsp:ResourceUri>${uri}</rsp:ResourceUri>${state ? `<rsp:State>${state}</rsp:State>` : ''}${rest}</rsp:Shell>`;
const commands = (count: number) =>
  list(
    ...Array.from(
      { length: count },
      (_, i) =>
        `<rsp:Command><rsp:CommandId>${id(i)}</rsp:CommandId><rsp:CommandLine/><rsp:CommandState>Running</rsp:CommandState></rsp:Command>`,
    ),
  );

function ask(filter: SessionFilter, strict: boolean, ...replies: (string | Error)[]) {
  let last = 0;
  return script(
    querySessions(filter, { computerName: 'web01', strict, now: () => 1_000_000, nextId: () => ++last }),
    ...replies,
  );
}
const namesOf = (filter: SessionFilter, ...shells: string[]) =>
  ask(filter, false, list(...shells)).value.sessions.map(({ name }) => name);

/** From the recording of a Windows Server, where pypsrp made the shells, hence without a name. */
const RECORDED = `<rsp:Shell xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell"><rsp:ShellId>B6631D8E-65A0-49F2-9053-A1B156C95777</rsp:ShellId><rsp:ResourceUri>http://schemas.microsoft.com/powershell/Microsoft.PowerShell</rsp:ResourceUri><rsp:Owner>WIN-NNMU24VVKJ0\\vagrant</rsp:Owner><rsp:ClientIP>10.0.2.2</rsp:ClientIP><rsp:ProcessId>2792</rsp:ProcessId><rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams><rsp:MaxIdleTimeOut>PT2147483.647S</rsp:MaxIdleTimeOut><rsp:Locale>en-US</rsp:Locale><rsp:DataLocale>en-US</rsp:DataLocale><rsp:CompressionMode>NoCompression</rsp:CompressionMode><rsp:ProfileLoaded>Yes</rsp:ProfileLoaded><rsp:Encoding>UTF8</rsp:Encoding><rsp:BufferMode>Block</rsp:BufferMode><rsp:State>Disconnected</rsp:State><rsp:ShellRunTime>P0DT0H0M9S</rsp:ShellRunTime><rsp:ShellInactivity>P0DT0H0M0S</rsp:ShellInactivity><rsp:MemoryUsed>46MB</rsp:MemoryUsed><rsp:ChildProcesses>0</rsp:ChildProcesses></rsp:Shell>`;

test('a shell of a real Windows computer, property by property', () => {
  const { value, requests } = ask({}, false, list(RECORDED));
  expect(requests).toHaveLength(1);
  expect(value.sessions).toEqual([
    {
      id: 1,
      name: 'rsp:Shell',
      computerName: 'web01',
      instanceId: 'b6631d8e-65a0-49f2-9053-a1b156c95777',
      state: 'Disconnected',
      availability: 'None',
      configurationName: 'Microsoft.PowerShell',
      disconnectedOn: 1_000_000,
      expiresOn: 8_200_000,
      shell: {
        shellId: 'B6631D8E-65A0-49F2-9053-A1B156C95777',
        resourceUri: `${PS}Microsoft.PowerShell`,
        state: 'Disconnected',
        owner: 'WIN-NNMU24VVKJ0\\vagrant',
        clientIP: '10.0.2.2',
        processId: 2792,
        memoryUsedBytes: 46 * 2 ** 20,
        childProcesses: 0,
        shellRunTimeMs: 9_000,
        shellInactivityMs: 0,
        idleTimeoutMs: 7_200_000,
        maxIdleTimeoutMs: 2_147_483_647,
        bufferMode: 'Block',
        locale: 'en-US',
        dataLocale: 'en-US',
        compressionMode: 'NoCompression',
        encoding: 'UTF8',
        profileLoaded: 'Yes',
      },
    },
  ]);
});

test('what some client holds is Disconnected and Busy, and has no expiry', () => {
  const times =
    '<rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut><rsp:ShellInactivity>P0DT0H0M9S</rsp:ShellInactivity>';
  const [session] = ask({}, false, list(shell(1, 'a', times, { state: 'Connected' }))).value.sessions;
  expect(session).toMatchObject({ state: 'Disconnected', availability: 'Busy' });
  expect(session).not.toHaveProperty('expiresOn');
});

test.each([
  ['no time-out', '<rsp:ShellInactivity>P0DT0H0M9S</rsp:ShellInactivity>'],
  ['no inactivity', '<rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut>'],
  [
    'idle for longer than allowed',
    '<rsp:IdleTimeOut>PT9.000S</rsp:IdleTimeOut><rsp:ShellInactivity>P0DT0H0M9S</rsp:ShellInactivity>',
  ],
])('%s: no expiry is known', (_, times) => {
  expect(ask({}, false, list(shell(1, 'a', times))).value.sessions[0]).not.toHaveProperty('disconnectedOn');
});

test.each([
  ['empty', '<rsp:State></rsp:State>'],
  ['with spaces around it', '<rsp:State> Disconnected </rsp:State>'],
])('a state that is there, but %s, is listed and is not Disconnected', (_, written) => {
  const odd = shell(1, 'a', written, { state: '' });
  expect(ask({}, true, list(odd), list()).value.sessions).toMatchObject([
    { name: 'a', availability: 'Busy' },
  ]);
});

test('a command without an id does not fail the list: a strict query only counts them, as PowerShell does', () => {
  const odd = list('<rsp:Command><rsp:CommandLine>Backup</rsp:CommandLine></rsp:Command>');
  expect(ask({}, true, list(shell(1, 'a')), odd).value.sessions).toMatchObject([
    { name: 'a', commands: [{ commandId: '', commandLine: 'Backup', state: '' }] },
  ]);
});

test('a strict query reads IdleTimeOut with PowerShell’s eyes', () => {
  const times = '<rsp:IdleTimeOut>PT2H</rsp:IdleTimeOut><rsp:ShellInactivity>PT1S</rsp:ShellInactivity>';
  expect(ask({}, false, list(shell(1, 'a', times))).value.sessions[0]).toHaveProperty('expiresOn');
  expect(ask({}, true, list(shell(1, 'a', times)), list()).value.sessions[0]).not.toHaveProperty('expiresOn');
});

test('an empty name becomes Runspace and its Id; names and ids are matched in any case', () => {
  expect(namesOf({}, shell(1, 'x'), shell(2, ''))).toEqual(['x', 'Runspace2']);
  expect(namesOf({ instanceId: [id(2).toLowerCase()] }, shell(1, 'a'), shell(2, 'b'))).toEqual(['b']);
  expect(namesOf({ name: ['BACK*'] }, shell(1, 'Backup'), shell(2, 'b'))).toEqual(['Backup']);
});

test('one whose id is no GUID is listed as what nobody can take up', () => {
  const odd = list(shell(1, 'a').replace(id(1), 'Z'.repeat(300)), shell(2, 'b'));
  expect(ask({}, false, odd).value.sessions).toMatchObject([{ unlisted: 'incomplete' }, { name: 'b' }]);
  expect(ask({}, false, odd).value.sessions[1]).not.toHaveProperty('unlisted');
});

test('elements are read in any case', () => {
  const odd = `<rsp:Shell><rsp:shellid>${id(1)}</rsp:shellid><rsp:NAME>n</rsp:NAME><rsp:resourceUri>${PS}X</rsp:resourceUri><rsp:state>disconnected</rsp:state></rsp:Shell>`;
  expect(ask({}, false, list(odd)).value.sessions[0]).toMatchObject({
    name: 'n',
    availability: 'None',
    configurationName: 'X',
  });
});

test('beyond PowerShell: shells of another kind and incomplete ones are told apart by a flag', () => {
  const replies = list(
    shell(1, 'winrs', '', { uri: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd' }),
    shell(2, 'old', '', { state: '' }),
    shell(3, 'fine'),
  );
  expect(
    ask({}, false, replies).value.sessions.map(({ name, unlisted, configurationName }) => [
      name,
      unlisted,
      configurationName,
    ]),
  ).toEqual([
    ['winrs', 'otherShell', 'cmd'],
    ['old', 'incomplete', 'Microsoft.PowerShell'],
    ['fine', undefined, 'Microsoft.PowerShell'],
  ]);
  expect(ask({}, true, replies, list()).value.sessions.map(({ name }) => name)).toEqual(['fine']);
});

test('strict: shells with several commands or unreadable ones are dropped, as PowerShell drops them', () => {
  const gone = new WinRMError('fault', 'gone', { faultCode: 2150858843, isFault: true });
  const { value, requests } = ask(
    {},
    true,
    list(shell(1, 'one'), shell(2, 'two'), shell(3, 'gone'), shell(4, 'none')),
    commands(1),
    commands(2),
    gone,
    commands(0),
  );
  expect(value.sessions.map(({ name, id: number }) => [name, number])).toEqual([
    ['one', 1],
    ['none', 2],
  ]);
  expect(value.sessions[0]?.commands).toHaveLength(1);
  expect(requests[1]?.body?.markup).toContain(`<w:Selector Name="ShellId">${id(1)}</w:Selector>`);
});

test.each([
  ['a broken network', new WinRMError('unreachable', 'it', { faultCode: 2150858770 })],
  ['no answer in time', new WinRMError('timeout', 'it', { faultCode: 2150859046 })],
  ['a sign-in that is refused', new WinRMError('unauthenticated', 'it', { faultCode: 5 })],
  ['a sealed answer that was changed', new WinRMError('protocol', 'it', { faultCode: 2150859001 })],
])('%s in the middle is a failure of the whole query', (_, error) => {
  expect(() => ask({}, true, list(shell(1, 'a'), shell(2, 'b')), commands(0), error)).toThrow(error);
});

test('a ShellId that is no GUID ends a strict query', () => {
  const odd = shell(1, 'a').replace(id(1), 'nonsense');
  expect(() => ask({}, true, list(odd))).toThrow(expect.objectContaining({ kind: 'protocol' }));
  expect(ask({}, false, list(odd)).value.sessions).toHaveLength(1);
});

test('a configuration is compared whole, short or as URI, without wildcards', () => {
  const shells = [shell(1, 'a'), shell(2, 'b', '', { uri: `${PS}JEA` })];
  expect(namesOf({ configurationName: 'jea' }, ...shells)).toEqual(['b']);
  expect(namesOf({ configurationName: `${PS}JEA` }, ...shells)).toEqual(['b']);
  expect(namesOf({ configurationName: 'J*' }, ...shells)).toEqual([]);
  expect(namesOf({ configurationName: '' }, ...shells)).toEqual(['a', 'b']);
});

test('an Id is used for each shell before names are looked at', () => {
  expect(ask({ name: ['b'] }, false, list(shell(1, 'a'), shell(2, 'b'))).value.sessions[0]?.id).toBe(2);
});

test('matching twice lists twice, in the order asked; misses are told', () => {
  const shells = [shell(1, 'db1'), shell(2, 'DB2')];
  expect(namesOf({ name: ['db2', 'd*'] }, ...shells)).toEqual(['DB2', 'db1', 'DB2']);
  expect(ask({ name: ['nope', 'db1'] }, false, list(...shells)).value.misses).toEqual([
    { kind: 'name', value: 'nope' },
  ]);
  expect(ask({ instanceId: [id(9)] }, false, list(...shells)).value.misses).toEqual([
    { kind: 'instanceId', value: id(9) },
  ]);
});

test('no miss is reported, nor a bad pattern, where nothing survived', () => {
  expect(ask({ name: ['nope'] }, false, list()).value).toEqual({ sessions: [], misses: [] });
  expect(ask({ name: ['[ab'] }, false, list()).value.misses).toEqual([]);
  expect(ask({ state: 'Opened', name: ['nope'] }, false, list(shell(1, 'a'))).value).toEqual({
    sessions: [],
    misses: [],
  });
  expect(() => ask({ name: ['[ab'] }, false, list(shell(1, 'a')))).toThrow(
    'The specified wildcard character pattern is not valid: [ab',
  );
});

test.each(['Opened', 'Closed', 'Broken'] as const)('-State %s finds nothing on a computer', (state) => {
  expect(namesOf({ state }, shell(1, 'a'))).toEqual([]);
});
