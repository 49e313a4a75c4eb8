import { expect, test, vi } from 'vitest';
import { COMMANDS } from '../shared/contract.ts';
import type { Command, Result } from '../shared/contract.ts';
import { registerIpc } from './ipc.ts';
import type { Handlers } from './ipc.ts';
import { WinRMError } from './winrm/index.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const key = { computerId: ID, instanceId: 'aa' };
const sessions = [key];

function door(handler: (request: unknown) => unknown = () => undefined) {
  const listeners = new Map<string, (event: string, request: unknown) => Promise<unknown>>();
  const handled = vi.fn(handler);
  const handlers = Object.fromEntries(
    Object.keys(COMMANDS).map((name) => [name, handled]),
  ) as unknown as Handlers;
  registerIpc<string>(
    { handle: (name, listener) => void listeners.set(name, listener) },
    (event) => event === 'ours',
    handlers,
  );
  const knock = (command: Command, request: unknown, frame = 'ours') =>
    listeners.get(command)!(frame, request) as Promise<Result<unknown>>;
  return { knock, handled, names: [...listeners.keys()] };
}

test('it answers every command of the contract and no other', () => {
  expect(door().names.toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
});

test('a request that fits reaches its handler', async () => {
  const { knock, handled } = door();
  expect(await knock('session.connect', { sessions })).toEqual({ ok: true, value: undefined });
  expect(handled).toHaveBeenCalledWith({ sessions });
});

test('another frame is refused before anything is read', async () => {
  const { knock, handled } = door();
  expect(await knock('session.connect', { sessions }, 'theirs')).toMatchObject({
    ok: false,
    error: { kind: 'denied' },
  });
  expect(handled).not.toHaveBeenCalled();
});

test.each<[Command, unknown]>([
  ['session.connect', undefined],
  ['session.connect', { sessions, extra: 1 }],
  ['session.connect', { sessions: [{ ...key, extra: 1 }] }],
  ['session.connect', { sessions: [{ ...key, computerId: '../etc' }] }],
  ['session.remove', { sessions: [], force: true }],
  ['session.remove', { sessions: [key] }],
  ['computer.add', { text: '', options: {} }],
  ['computer.add', { text: 'a', options: { sessionOption: { skipCACheck: true } } }],
  ['certificate.pin', { computerId: ID, sha256: 'AA' }],
  ['fleet.refresh', { computerIds: 'all' }],
  ['clipboard.copy', { text: 'x'.repeat(4_000_001) }],
])('%s refuses %j', async (command, request) => {
  const { knock, handled } = door();
  expect(await knock(command, request)).toMatchObject({ ok: false, error: { kind: 'invalid' } });
  expect(handled).not.toHaveBeenCalled();
});

test('a failure leaves as plain data', async () => {
  const { knock } = door(() => {
    throw new WinRMError('denied', 'In use.', { causes: ['Somebody is in it.'] });
  });
  expect(await knock('session.connect', { sessions })).toEqual({
    ok: false,
    error: { kind: 'denied', message: 'In use.', causes: ['Somebody is in it.'] },
  });
});

test('our own mistakes say nothing of what they are about', async () => {
  const { knock } = door(() => {
    throw new Error('password hunter2');
  });
  const answer = await knock('fleet.cancel', {});
  expect(answer).toMatchObject({ ok: false, error: { kind: 'internal' } });
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});
