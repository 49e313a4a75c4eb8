import { describe, expect, test } from 'vitest';
import { fragment } from './fragment.ts';
import { HOST_METHODS } from './host-call.ts';
import { encodeMessage } from './message.ts';
import type { MessageType } from './message.ts';
import { PipelineReader } from './pipeline.ts';
import type { PipelineEvent } from './pipeline.ts';
import { psObject } from './value.ts';
import type { PSValue } from './value.ts';

const poolId = '11111111-2222-3333-4444-555555555555';
const pipelineId = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const refused = expect.objectContaining({ name: 'WinRMError', kind: 'protocol' });

function received(messageType: MessageType, data?: PSValue): PipelineEvent[] {
  const message = encodeMessage({ destination: 'client', messageType, poolId, pipelineId, data });
  return new PipelineReader().receive(Buffer.concat(fragment(77n, message, 64)));
}

function hostCall(method: (typeof HOST_METHODS)[number], ...parameters: PSValue[]): PSValue {
  return psObject({
    extended: {
      ci: -100n,
      mi: psObject({
        typeNames: ['System.Management.Automation.Remoting.RemoteHostMethodId'],
        text: method,
        base: HOST_METHODS.indexOf(method),
      }),
      mp: psObject({ base: { type: 'List', items: parameters } }),
    },
  });
}

describe('a pipeline', () => {
  test('taken up in the middle of an object says once that one is missing, and goes on with the next', () => {
    const to = { destination: 'client', messageType: 'PIPELINE_OUTPUT', poolId, pipelineId } as const;
    const pieces = fragment(5n, encodeMessage({ ...to, data: 'x'.repeat(200) }), 64).slice(2);
    const whole = fragment(6n, encodeMessage({ ...to, data: 'whole' }), 64);
    const reader = new PipelineReader({ joinsMidStream: true });
    expect([...pieces, ...whole].flatMap((bytes) => reader.receive(bytes))).toEqual([
      { kind: 'missing' },
      { kind: 'record', stream: 'output', value: 'whole' },
    ]);
  });

  test.each([
    ['PIPELINE_OUTPUT', 'output'],
    ['ERROR_RECORD', 'error'],
    ['WARNING_RECORD', 'warning'],
    ['VERBOSE_RECORD', 'verbose'],
    ['DEBUG_RECORD', 'debug'],
    ['INFORMATION_RECORD', 'information'],
    ['PROGRESS_RECORD', 'progress'],
  ] as const)('%s is a record of the stream %s', (messageType, stream) => {
    expect(received(messageType, 'x')).toEqual([{ kind: 'record', stream, value: 'x' }]);
  });

  test('what was whole before something is broken is handed on all the same', () => {
    const to = { destination: 'client', messageType: 'PIPELINE_OUTPUT', poolId, pipelineId } as const;
    const one = (id: bigint, data: string) => fragment(id, encodeMessage({ ...to, data }), 1_000);
    const [ahead = new Uint8Array()] = fragment(
      9n,
      encodeMessage({ ...to, data: 'x'.repeat(200) }),
      64,
    ).slice(2);
    const bytes = Buffer.concat([...one(1n, 'first'), ...one(2n, 'second'), ahead]);
    const events: PipelineEvent[] = [];
    expect(() => {
      for (const event of new PipelineReader().events(bytes)) events.push(event);
    }).toThrow(refused);
    expect(events).toMatchObject([{ value: 'first' }, { value: 'second' }]);
  });

  test('a null in the output has no body', () => {
    expect(received('PIPELINE_OUTPUT')).toEqual([{ kind: 'record', stream: 'output', value: null }]);
  });

  test('tells its state, and the error that ended it', () => {
    const error = psObject({ text: 'It broke.' });
    expect(received('PIPELINE_STATE', psObject({ extended: { PipelineState: 4 } }))).toEqual([
      { kind: 'state', state: 'Completed' },
    ]);
    expect(
      received('PIPELINE_STATE', psObject({ extended: { PipelineState: 5, ExceptionAsErrorRecord: error } })),
    ).toEqual([{ kind: 'state', state: 'Failed', error }]);
    expect(() => received('PIPELINE_STATE', psObject({ extended: { PipelineState: 7 } }))).toThrow(refused);
    expect(() => received('PIPELINE_STATE', 'x')).toThrow(refused);
  });

  test('writing to the host is a record; a question is a host call', () => {
    const red = 12;
    expect(received('PIPELINE_HOST_CALL', hostCall('Write1', 'a'))).toEqual([
      { kind: 'record', stream: 'host', value: 'a' },
    ]);
    expect(received('PIPELINE_HOST_CALL', hostCall('WriteLine3', red, red, 'b'))).toEqual([
      { kind: 'record', stream: 'host', value: 'b\n' },
    ]);
    expect(received('PIPELINE_HOST_CALL', hostCall('ReadLine'))).toEqual([
      { kind: 'hostCall', callId: -100n, method: 'ReadLine', parameters: [], isAnswered: true },
    ]);
    expect(received('PIPELINE_HOST_CALL', hostCall('SetShouldExit', 3))).toEqual([
      { kind: 'hostCall', callId: -100n, method: 'SetShouldExit', parameters: [3], isAnswered: false },
    ]);
    expect(() => received('PIPELINE_HOST_CALL', hostCall(''))).toThrow(refused);
  });

  test('what belongs to the pool is passed on by its name', () => {
    expect(received('PUBLIC_KEY_REQUEST', '')).toEqual([
      { kind: 'other', messageType: 'PUBLIC_KEY_REQUEST' },
    ]);
  });
});
