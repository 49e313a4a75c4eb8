import { describe, expect, test } from 'vitest';
import { WinRMError } from '../error.ts';
import { Defragmenter } from '../psrp/fragment.ts';
import type { DefragmenterOptions } from '../psrp/fragment.ts';
import { identify } from './identify.ts';
import * as pool from './pool.ts';
import { script } from './scripted.ts';
import { packBlocks } from './xpress.ts';

const SHELL = {
  shellId: 'b6631d8e-65a0-49f2-9053-a1b156c95777',
  resourceUri: 'http://schemas.microsoft.com/powershell/X',
};
const COMMAND = '01aa3e43-9e21-424b-a7fc-bc16aa34f4ce';
const UPPER = COMMAND.toUpperCase();
const bytes = (text: string) => new TextEncoder().encode(text);

test('every request addresses the shell in capitals, by its own resource', () => {
  const { requests } = script(pool.deleteShell(SHELL), '');
  expect(requests[0]).toMatchObject({
    action: 'Delete',
    resourceUri: SHELL.resourceUri,
    selectors: { ShellId: SHELL.shellId.toUpperCase() },
  });
});

test('a shell of any kind and owner is deleted by the resource of all shells', () => {
  const { requests } = script(pool.deleteAnyShell(SHELL.shellId), '');
  expect(requests[0]).toMatchObject({
    action: 'Delete',
    resourceUri: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
    selectors: { ShellId: SHELL.shellId.toUpperCase() },
  });
});

test('an idle time that the computer refuses does not keep the session in use: it is left without one, and that is told', () => {
  let told = 0;
  const how = { idleTimeoutMs: 5_000, bufferMode: 'Drop' } as const;
  const refused = new WinRMError('fault', 'out of bounds', { faultCode: 2150859250 });
  const { requests } = script(
    pool.disconnectShell(SHELL, how, () => told++),
    refused,
    '',
  );
  expect(requests.map(({ action, body }) => [action, body?.markup])).toEqual([
    [
      'Disconnect',
      '<rsp:Disconnect><rsp:IdleTimeOut>PT5.000S</rsp:IdleTimeOut><rsp:BufferMode>Drop</rsp:BufferMode></rsp:Disconnect>',
    ],
    ['Disconnect', '<rsp:Disconnect><rsp:BufferMode>Drop</rsp:BufferMode></rsp:Disconnect>'],
  ]);
  expect(told).toBe(1);
});

test.each([
  ['Connect', () => pool.connectCommand(SHELL, '')],
  ['Reconnect', () => pool.reconnect(SHELL, '')],
])('a command that was listed without an id is addressed by no %s', (_, exchange) => {
  expect(() => exchange().next()).toThrow(expect.objectContaining({ kind: 'protocol' }));
});

test.each<[string, pool.DisconnectOptions, number]>([
  ['any other refusal', { idleTimeoutMs: 5_000 }, 2150859215],
  ['a refusal of no idle time', {}, 2150859250],
])('%s is the end of it', (_, how, faultCode) => {
  const error = new WinRMError('fault', 'no', { faultCode });
  expect(() => script(pool.disconnectShell(SHELL, how), error)).toThrow(error);
});

test.each([
  ['Disconnect', pool.disconnectShell(SHELL), '<rsp:Disconnect></rsp:Disconnect>'],
  [
    'Disconnect with its options',
    pool.disconnectShell(SHELL, { idleTimeoutMs: 7_200_000, bufferMode: 'Drop' }),
    '<rsp:Disconnect><rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut><rsp:BufferMode>Drop</rsp:BufferMode></rsp:Disconnect>',
  ],
  ['Reconnect', pool.reconnect(SHELL), undefined],
  ['Reconnect of a command', pool.reconnect(SHELL, COMMAND), `<rsp:Reconnect CommandId="${UPPER}"/>`],
  ['Connect of a command', pool.connectCommand(SHELL, COMMAND), `<rsp:Connect CommandId="${UPPER}"/>`],
  [
    'Command',
    pool.startCommand(SHELL, COMMAND, bytes('abc')),
    `<rsp:CommandLine CommandId="${UPPER}"><rsp:Command/><rsp:Arguments>YWJj</rsp:Arguments></rsp:CommandLine>`,
  ],
  [
    'Send',
    pool.send(SHELL, bytes('abc'), COMMAND, 'pr'),
    `<rsp:Send><rsp:Stream Name="pr" CommandId="${UPPER}">YWJj</rsp:Stream></rsp:Send>`,
  ],
  [
    'Send to the pool',
    pool.send(SHELL, bytes('abc')),
    '<rsp:Send><rsp:Stream Name="stdin">YWJj</rsp:Stream></rsp:Send>',
  ],
  [
    'Signal',
    pool.signal(SHELL, COMMAND, 'terminate'),
    `<rsp:Signal CommandId="${UPPER}"><rsp:Code>http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/Terminate</rsp:Code></rsp:Signal>`,
  ],
  [
    'Stop, misspelt as PowerShell has it',
    pool.signal(SHELL, COMMAND, 'stop'),
    `<rsp:Signal CommandId="${UPPER}"><rsp:Code>powershell/signal/crtl_c</rsp:Code></rsp:Signal>`,
  ],
])('%s', (_, exchange, body) => {
  expect(script(exchange, '').requests[0]?.body?.markup).toBe(body);
});

test('Connect carries connectXml and gives the bytes of connectResponseXml', () => {
  const { value, requests } = script(
    pool.connectShell(SHELL, bytes('abc')),
    '<rsp:ConnectResponse><rsp:InputStreams>stdin pr</rsp:InputStreams><connectResponseXml xmlns="http://schemas.microsoft.com/powershell">\n eHl6 \n</connectResponseXml></rsp:ConnectResponse>',
  );
  expect(new TextDecoder().decode(value)).toBe('xyz');
  expect(requests[0]?.body?.markup).toBe(
    '<rsp:Connect><connectXml xmlns="http://schemas.microsoft.com/powershell">YWJj</connectXml></rsp:Connect>',
  );
  expect(requests[0]?.options).toEqual([{ name: 'protocolversion', value: '2.3', mustComply: true }]);
});

test('Create names the shell by attributes, as Windows’ client does', () => {
  const { value, requests } = script(
    pool.createShell({ ...SHELL, name: 'a"b', idleTimeoutMs: 60_000, creationXml: bytes('abc') }),
    `<x:ResourceCreated/><rsp:Shell><rsp:ShellId>${SHELL.shellId}</rsp:ShellId><rsp:State>Connected</rsp:State></rsp:Shell>`,
  );
  expect(value.shell.state).toBe('Connected');
  expect(requests[0]?.body?.markup).toBe(
    `<rsp:Shell Name="a&quot;b" ShellId="${SHELL.shellId.toUpperCase()}"><rsp:IdleTimeOut>PT60.000S</rsp:IdleTimeOut><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams><creationXml xmlns="http://schemas.microsoft.com/powershell">YWJj</creationXml></rsp:Shell>`,
  );
});

const received = (inner: string) => `<rsp:ReceiveResponse>${inner}</rsp:ReceiveResponse>`;

test('Receive gives the chunks of its own command, in order, and knows the end', () => {
  const { value, requests } = script(
    pool.receive(SHELL, COMMAND),
    received(
      `<rsp:Stream Name="stdout" CommandId="${UPPER}">YQ==</rsp:Stream><rsp:Stream Name="stdout" CommandId="OTHER">eA==</rsp:Stream><rsp:Stream Name="stdout" CommandId="${COMMAND}">Yg==</rsp:Stream><rsp:Stream Name="stdout" CommandId="${UPPER}" End="true"/><rsp:CommandState CommandId="${UPPER}" State="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done"/>`,
    ),
  );
  expect(value.chunks.map((chunk) => new TextDecoder().decode(chunk))).toEqual(['a', 'b']);
  expect(value.done).toBe(true);
  expect(requests[0]?.body?.markup).toBe(
    `<rsp:Receive><rsp:DesiredStream CommandId="${UPPER}">stdout</rsp:DesiredStream></rsp:Receive>`,
  );
});

test('a Receive that timed out brought nothing, and is no failure', () => {
  const timedOut = new WinRMError('timeout', 'timed out', { faultCode: 2150858793 });
  expect(script(pool.receive(SHELL), timedOut).value).toEqual({ chunks: [], done: false });
  expect(() =>
    script(pool.receive(SHELL), new WinRMError('timeout', 'the network', { faultCode: 2150859046 })),
  ).toThrow('the network');
});

test.each([
  ['output that is not base64', received('<rsp:Stream Name="stdout">a*b=</rsp:Stream>')],
  ['base64 cut short', received('<rsp:Stream Name="stdout">YWJ</rsp:Stream>')],
  ['another answer', '<rsp:SignalResponse/>'],
])('Receive: %s is a broken protocol', (_, body) => {
  expect(() => script(pool.receive(SHELL), body)).toThrow(expect.objectContaining({ kind: 'protocol' }));
});

test('Identify tells who answers', () => {
  const { value } = script(
    identify(),
    '<wsmid:IdentifyResponse><wsmid:ProtocolVersion>v</wsmid:ProtocolVersion><wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor><wsmid:ProductVersion>OS: 10.0 SP: 0.0 Stack: 3.0</wsmid:ProductVersion></wsmid:IdentifyResponse>',
  );
  expect(value).toEqual({
    protocolVersion: 'v',
    productVendor: 'Microsoft Corporation',
    productVersion: 'OS: 10.0 SP: 0.0 Stack: 3.0',
  });
  expect(() => script(identify(), '<html/>')).toThrow(expect.objectContaining({ kind: 'protocol' }));
});

test('a session without the account’s profile says so when it is created, and none asks for compression', () => {
  const shell = { ...SHELL, creationXml: bytes('abc') };
  const created = (noMachineProfile: boolean) => {
    const exchange = pool.createShell({ ...shell, noMachineProfile });
    return (exchange.next().value as { options?: readonly { name: string; value: string }[] }).options;
  };
  expect(created(true)).toContainEqual({ name: 'WINRS_NOPROFILE', value: '1' });
  expect(created(false)?.map(({ name }) => name)).toEqual(['protocolversion']);
});

describe('a shell that packs what it says', () => {
  const packed = { ...SHELL, isCompressed: true };
  const stream = (text: Uint8Array) =>
    `<rsp:ReceiveResponse><rsp:Stream Name="stdout">${Buffer.from(text).toString('base64')}</rsp:Stream></rsp:ReceiveResponse>`;
  const chunksOf = (shell: pool.ShellRef, sent: Uint8Array) => [
    ...pool.fragmentsOf(script(pool.receive(shell), stream(sent)).value),
  ];

  /** MS-XCA's smallest: 64 KB of zeros in 267 bytes. */
  const BOMB = Buffer.alloc(267);
  BOMB.writeUInt16LE(65_535, 0);
  BOMB.writeUInt16LE(262, 2);
  BOMB[4] = 1;
  BOMB[4 + (271 >> 1)] = 16;
  BOMB.set([0, 0x40, 0, 0, 0xff, 0xfc, 0xff], 260);

  test('is read unpacked, and sent packed', () => {
    const plain = Buffer.from('00000000000000010000000000000000030000000161', 'hex');
    expect(chunksOf(packed, packBlocks(plain))).toEqual([plain]);
    const { requests } = script(pool.send(packed, bytes('abc')), '');
    expect(requests[0]?.body?.markup).toContain('>AgACAGFiYw==<');
  });

  test('is unpacked only as far as it is read', () => {
    const broken = Buffer.concat([BOMB, Buffer.from('broken')]);
    const received = script(pool.receive(packed), stream(broken)).value;
    const pieces = pool.fragmentsOf(received);
    expect(pieces.next().value).toEqual(new Uint8Array(65_536));
    expect(() => pieces.next()).toThrow(/cannot be unpacked/);
  });

  test('and wants to fill the memory with it is read no further than the limits go', () => {
    const bomb = script(pool.receive(packed), stream(Buffer.concat(Array<Buffer>(2_000).fill(BOMB)))).value;
    const readBy = (limits: DefragmenterOptions) => {
      const reader = new Defragmenter({ ...limits, joinsMidStream: true });
      let length = 0;
      const read = () => {
        for (const piece of pool.fragmentsOf(bomb)) {
          length += piece.length;
          reader.receive(piece);
        }
      };
      expect(read).toThrow(expect.objectContaining({ kind: 'protocol' }));
      return length;
    };
    expect(readBy({ maximumStreamBytes: 1_000 })).toBe(65_536);
    expect(readBy({})).toBe(65_536);
    let length = 0;
    expect(() => {
      for (const piece of pool.fragmentsOf(bomb)) length += piece.length;
    }).toThrow(/unpacks to more than 100 MB/);
    expect(length).toBeLessThanOrEqual(100 * 1024 * 1024);
  });

  test('and does not, after all, is read as it is', () => {
    const plain = Buffer.from('00000000000000010000000000000000030000000161', 'hex');
    expect(chunksOf(packed, plain)).toEqual([plain]);
    expect(chunksOf(SHELL, packBlocks(plain))).not.toEqual([plain]);
  });
});
