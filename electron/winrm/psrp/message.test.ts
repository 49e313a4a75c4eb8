import { describe, expect, test } from 'vitest';
import { decodeMessage, encodeMessage, MESSAGE_TYPES } from './message.ts';
import { connectXml, PoolReader } from './runspace-pool.ts';
import { fragment } from './fragment.ts';
import { psObject } from './value.ts';

const poolId = '11111111-2222-3333-4444-555555555555';
const pipelineId = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const refused = expect.objectContaining({ name: 'WinRMError', kind: 'protocol' });

describe('a message', () => {
  test('begins with the header of MS-PSRP 2.2.1, GUIDs in the order of .NET', () => {
    const bytes = encodeMessage({
      destination: 'server',
      messageType: 'CREATE_PIPELINE',
      poolId,
      pipelineId,
      data: 'x',
    });
    expect(Buffer.from(bytes).toString('hex')).toBe(
      '02000000' +
        '06100200' +
        '11111111222233334444555555555555' +
        'aaaaaaaabbbbccccddddeeeeeeeeeeee' +
        Buffer.from('<S>x</S>').toString('hex'),
    );
  });

  test('from a server has a byte order mark before its text, as PowerShell writes it', () => {
    const bytes = encodeMessage({ destination: 'client', messageType: 'PIPELINE_OUTPUT', poolId, data: 'ä' });
    expect(Buffer.from(bytes.subarray(40)).toString('hex')).toBe(
      'efbbbf' + Buffer.from('<S>ä</S>').toString('hex'),
    );
  });

  test('comes back as it was, of every type', () => {
    for (const messageType of Object.keys(MESSAGE_TYPES) as (keyof typeof MESSAGE_TYPES)[]) {
      const message = { destination: 'client', messageType, poolId, pipelineId, data: 5 } as const;
      expect(decodeMessage(encodeMessage(message))).toEqual(message);
    }
  });

  test('may have no body', () => {
    const bytes = encodeMessage({ destination: 'client', messageType: 'PIPELINE_OUTPUT', poolId });
    expect(bytes).toHaveLength(40);
    expect(decodeMessage(bytes).data).toBeUndefined();
  });

  test('of an unknown type keeps its number, and its body is not read', () => {
    const bytes = encodeMessage({ destination: 'client', messageType: 0x00099999, poolId, data: 'x' });
    bytes.set([0xff, 0xff], 45);
    expect(decodeMessage(bytes)).toMatchObject({ messageType: 0x00099999, data: undefined });
  });

  const good = encodeMessage({ destination: 'client', messageType: 'PIPELINE_OUTPUT', poolId, data: 'text' });
  test.each([
    ['no bytes', new Uint8Array()],
    ['a header cut short', good.subarray(0, 39)],
    ['a body cut short', good.subarray(0, 50)],
    ['an unknown destination', Uint8Array.of(3, ...good.subarray(1))],
    ['a body that is not UTF-8', Uint8Array.of(...good.subarray(0, 46), 0xc3, ...good.subarray(46))],
  ])('is refused with %s', (_, bytes) => {
    expect(() => decodeMessage(bytes)).toThrow(refused);
  });
});

describe('connecting to a pool', () => {
  test('sends two messages in a fragment each: 2.3 is declared, and the sizes are left to the computer', () => {
    const bytes = Buffer.from(connectXml(poolId));
    const capability =
      '<Obj RefId="0"><MS><Version N="protocolversion">2.3</Version><Version N="PSVersion">2.0</Version>' +
      '<Version N="SerializationVersion">1.1.0.1</Version></MS></Obj>';
    const head = (objectId: string, length: number) =>
      `${objectId}${'0'.repeat(16)}03${length.toString(16).padStart(8, '0')}`;
    const ids = `11111111222233334444555555555555${'0'.repeat(32)}`;
    expect(bytes.toString('hex')).toBe(
      `${head('0000000000000001', 40 + capability.length)}0200000002000100${ids}${Buffer.from(capability).toString('hex')}` +
        `${head('0000000000000002', 47)}0200000008000100${ids}${Buffer.from('<S></S>').toString('hex')}`,
    );
  });

  const received = (...messages: Uint8Array[]) =>
    new PoolReader().receive(Buffer.concat(messages.flatMap((one, i) => fragment(BigInt(90 - i), one, 100))));
  const from = { destination: 'client', poolId } as const;

  test('hears the capability, that the pool is open, the private data and states, in order', () => {
    const error = psObject({
      typeNames: ['System.Management.Automation.ErrorRecord'],
      text: 'The pool broke.',
    });
    const events = received(
      encodeMessage({
        ...from,
        messageType: 'SESSION_CAPABILITY',
        data: psObject({
          extended: {
            protocolversion: { type: 'Version', value: '2.3' },
            PSVersion: { type: 'Version', value: '2.0' },
            SerializationVersion: { type: 'Version', value: '1.1.0.1' },
          },
        }),
      }),
      encodeMessage({
        ...from,
        messageType: 'RUNSPACEPOOL_INIT_DATA',
        data: psObject({ extended: { MinRunspaces: 3, MaxRunspaces: 1 } }),
      }),
      encodeMessage({
        ...from,
        messageType: 'APPLICATION_PRIVATE_DATA',
        data: psObject({ extended: { ApplicationPrivateData: null } }),
      }),
      encodeMessage({
        ...from,
        messageType: 'RUNSPACEPOOL_STATE',
        data: psObject({ extended: { RunspaceState: 2 } }),
      }),
      encodeMessage({ ...from, messageType: 'USER_EVENT', data: 'x' }),
      encodeMessage({
        ...from,
        messageType: 'RUNSPACEPOOL_STATE',
        data: psObject({ extended: { RunspaceState: 5, ExceptionAsErrorRecord: error } }),
      }),
    );
    expect(events).toEqual([
      { kind: 'capability', protocolVersion: '2.3', psVersion: '2.0', serializationVersion: '1.1.0.1' },
      { kind: 'opened', minRunspaces: 3, maxRunspaces: 1 },
      { kind: 'privateData', value: null },
      { kind: 'state', state: 'Opened' },
      { kind: 'other', messageType: 'USER_EVENT' },
      { kind: 'state', state: 'Broken', error },
    ]);
  });

  test.each([
    [
      'a message that is for a server',
      encodeMessage({ destination: 'server', messageType: 'RUNSPACEPOOL_STATE', poolId, data: '' }),
    ],
    [
      'a capability without a version',
      encodeMessage({ ...from, messageType: 'SESSION_CAPABILITY', data: '' }),
    ],
    [
      'a state that does not exist',
      encodeMessage({
        ...from,
        messageType: 'RUNSPACEPOOL_STATE',
        data: psObject({ extended: { RunspaceState: 99 } }),
      }),
    ],
    [
      'a state that is a text',
      encodeMessage({
        ...from,
        messageType: 'RUNSPACEPOOL_STATE',
        data: psObject({ extended: { RunspaceState: 'Opened' } }),
      }),
    ],
  ])('refuses %s', (_, message) => {
    expect(() => received(message)).toThrow(refused);
  });
});
