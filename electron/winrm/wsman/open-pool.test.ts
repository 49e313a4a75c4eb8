import { describe, expect, test } from 'vitest';
import { fragment } from '../psrp/fragment.ts';
import { encodeMessage } from '../psrp/message.ts';
import type { MessageType } from '../psrp/message.ts';
import { POOL_STATES, PoolReader, sessionCapability } from '../psrp/runspace-pool.ts';
import { psObject } from '../psrp/value.ts';
import type { PSValue } from '../psrp/value.ts';
import { WinRMError } from '../error.ts';
import { identify } from './identify.ts';
import { openPool, requireTime, within } from './open-pool.ts';
import { script } from './scripted.ts';

const SHELL = {
  shellId: 'b6631d8e-65a0-49f2-9053-a1b156c95777',
  resourceUri: 'http://schemas.microsoft.com/powershell/X',
};
let objectId = 0n;
const said = (messageType: MessageType, data: PSValue) => {
  const message = encodeMessage({ destination: 'client', messageType, poolId: SHELL.shellId, data });
  const [bytes = new Uint8Array()] = fragment(++objectId, message, Infinity);
  return `<rsp:Stream Name="stdout">${Buffer.from(bytes).toString('base64')}</rsp:Stream>`;
};
const answer = (...streams: string[]) => `<rsp:ReceiveResponse>${streams.join('')}</rsp:ReceiveResponse>`;
const CAPABILITY = said('SESSION_CAPABILITY', sessionCapability('2.3'));
const state = (name: (typeof POOL_STATES)[number], more = {}) =>
  said('RUNSPACEPOOL_STATE', psObject({ extended: { RunspaceState: POOL_STATES.indexOf(name), ...more } }));
const opening = (rest: readonly Uint8Array[] = [], leftMs = () => 1_000) =>
  openPool(SHELL, { rest, reader: new PoolReader(), leftMs });

test('a pool is open with its state, in one answer or in several, and says what both speak', () => {
  expect(script(opening(), answer(CAPABILITY, state('Opened'))).value).toBe('2.3');
  const privateData = said(
    'APPLICATION_PRIVATE_DATA',
    psObject({ extended: { ApplicationPrivateData: null } }),
  );
  const { value, requests } = script(
    opening(),
    answer(CAPABILITY),
    answer(privateData),
    answer(),
    answer(state('Opening'), state('Opened')),
  );
  expect(value).toBe('2.3');
  expect(requests.map(({ action }) => action)).toEqual(['Receive', 'Receive', 'Receive', 'Receive']);
});

test('a computer that had nothing to say for a while is asked again, with the time that is left', () => {
  const timedOut = new WinRMError('timeout', 'timed out', { faultCode: 2150858793 });
  const leftMs = () => 900;
  const { requests } = script(opening([], leftMs), timedOut, answer(CAPABILITY, state('Opened')));
  expect(requests.map((request) => request.leftMs)).toEqual([leftMs, leftMs]);
});

test('one that is not answered within it is told of OpenTimeout, not of another time-out', () => {
  let left = 900;
  const exchange = opening([], () => left);
  exchange.next();
  left = 0;
  const unanswered = new WinRMError('timeout', 'no answer', { remedy: { text: 'OperationTimeout' } });
  expect(() => exchange.throw(unanswered)).toThrow(
    expect.objectContaining({
      kind: 'timeout',
      cause: unanswered,
      info: expect.objectContaining({
        remedy: { text: 'Allow more time with -SessionOption OpenTimeout.' },
      }) as unknown,
    }),
  );
});

test('what did not come in time is told: the sign-in, the session, or the time to ask for it', () => {
  const message = (awaited?: 'signIn' | 'session') => {
    const exchange = within(identify(), () => 0, awaited);
    exchange.next();
    try {
      exchange.throw(new WinRMError('timeout', 'no answer'));
    } catch (error) {
      return (error as WinRMError).message;
    }
    return undefined;
  };
  expect(message('signIn')).toBe('The computer did not answer the sign-in within OpenTimeout.');
  expect(message()).toBe('PowerShell on the computer did not open the session within OpenTimeout.');
  expect(() => requireTime(() => 0, 'asking')).toThrow('before the session was asked for');
});

test('what Create had no room for is sent first', () => {
  const { requests } = script(
    opening([Uint8Array.of(1), Uint8Array.of(2)]),
    '',
    '',
    answer(CAPABILITY, state('Opened')),
  );
  expect(requests.map(({ action }) => action)).toEqual(['Send', 'Send', 'Receive']);
});

test('what follows Opened in the same answer is read, too: whoever reads on goes on behind it', () => {
  const data = psObject({ extended: { RunspaceState: POOL_STATES.indexOf('Closed') } });
  const type = { destination: 'client', messageType: 'RUNSPACEPOOL_STATE', poolId: SHELL.shellId } as const;
  const [bytes = new Uint8Array()] = fragment(++objectId, encodeMessage({ ...type, data }), Infinity);
  const begun = `<rsp:Stream Name="stdout">${Buffer.from(bytes.subarray(0, 30)).toString('base64')}</rsp:Stream>`;
  const reader = new PoolReader();
  const exchange = openPool(SHELL, { rest: [], reader, leftMs: () => 1_000 });
  expect(script(exchange, answer(CAPABILITY, state('Opened'), begun)).value).toBe('2.3');
  expect(reader.receive(bytes.subarray(30))).toMatchObject([{ kind: 'state', state: 'Closed' }]);
});

describe('a pool that does not open is told of:', () => {
  const record = psObject({ extended: { Exception: psObject({ extended: { Message: 'It is JEA.' } }) } });
  test.each<[string, string, object]>([
    [
      'broken, in PowerShell’s words',
      answer(CAPABILITY, state('Broken', { ExceptionAsErrorRecord: record })),
      { kind: 'fault', message: 'It is JEA.' },
    ],
    [
      'broken right behind Opened, in the same answer',
      answer(CAPABILITY, state('Opened'), state('Broken', { ExceptionAsErrorRecord: record })),
      { kind: 'fault', message: 'It is JEA.' },
    ],
    ['closed without a word', answer(CAPABILITY, state('Closed')), { kind: 'fault' }],
    ['open, without saying what it speaks', answer(state('Opened')), { kind: 'protocol' }],
    [
      'another protocol',
      answer(said('SESSION_CAPABILITY', sessionCapability('3.0'))),
      { kind: 'protocol', message: expect.stringContaining('version 3.0') as string },
    ],
    [
      'PowerShell 2.0, whose sessions cannot be left',
      answer(said('SESSION_CAPABILITY', sessionCapability('2.1'))),
      { kind: 'protocol' },
    ],
    ['a state that does not exist', answer(said('RUNSPACEPOOL_STATE', psObject({}))), { kind: 'protocol' }],
    [
      'something else than fragments',
      answer(
        '<rsp:Stream Name="stdout">AAAA</rsp:Stream><rsp:Stream Name="stdout">/////////////////////////////////////////w==</rsp:Stream>',
      ),
      { kind: 'protocol' },
    ],
  ])('%s', (_, body, error) => {
    expect(() => script(opening(), body)).toThrow(expect.objectContaining(error));
  });

  test('the end of its output', () => {
    const done =
      '<rsp:CommandState State="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done"/>';
    expect(() => script(opening(), answer(CAPABILITY, done))).toThrow('it ended before it could be used');
  });

  test('OpenTimeout', () => {
    const left = [10, 0];
    expect(() =>
      script(
        opening([], () => left.shift() ?? 0),
        answer(CAPABILITY),
      ),
    ).toThrow(
      expect.objectContaining({ kind: 'timeout', message: expect.stringContaining('OpenTimeout') as string }),
    );
  });
});
