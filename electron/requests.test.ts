import { expect, test, vi } from 'vitest';
import { ANSWERED, COMMANDS } from '../shared/contract-names.ts';
import type { Command, Request, Result } from '../shared/contract.ts';
import { registerIpc } from './ipc.ts';
import { answerTo } from './requests.ts';
import type { Handlers } from './requests.ts';
import { WinRMError } from './winrm/index.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const key = { computerId: ID, instanceId: 'aa' };
const sessions = [key];

interface Knock {
  readonly frame: string;
  readonly sender: { isDestroyed(): boolean; isCrashed(): boolean };
  readonly reply: (channel: string, id: unknown, result: Result<unknown>) => void;
}

function door(handler: (request: unknown) => unknown = () => undefined) {
  const listeners = new Map<string, (event: Knock, id: unknown, request: unknown) => void>();
  const handled = vi.fn(handler);
  const handlers = Object.fromEntries(
    Object.keys(COMMANDS).map((name) => [name, handled]),
  ) as unknown as Handlers;
  registerIpc<Knock>(
    { on: (name, listener) => void listeners.set(name, listener) },
    ({ frame }) => frame === 'ours',
    (command, request) => answerTo(handlers, command, request),
  );
  let asked = 0;
  const knock = (command: Command, request: unknown, frame = 'ours') =>
    new Promise<Result<unknown>>((resolve) => {
      const number = ++asked;
      const reply: Knock['reply'] = (channel, id, result) => {
        expect([channel, id]).toEqual([ANSWERED, number]);
        resolve(result);
      };
      const sender = { isDestroyed: () => false, isCrashed: () => false };
      listeners.get(command)!({ frame, sender, reply }, number, request);
    });
  return { knock, handled, listeners, names: [...listeners.keys()] };
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

test('a page that is gone meanwhile is sent nothing', async () => {
  const { listeners, handled } = door();
  const reply = vi.fn();
  for (const [destroyed, crashed] of [
    [true, false],
    [false, true],
  ] as const) {
    const sender = { isDestroyed: () => destroyed, isCrashed: () => crashed };
    listeners.get('session.connect')!({ frame: 'ours', sender, reply }, 1, { sessions });
  }
  await vi.waitFor(() => expect(handled).toHaveBeenCalledTimes(2));
  await Promise.resolve();
  expect(reply).not.toHaveBeenCalled();
});

const computer = { id: ID, computerName: 'srv1', groupIds: [ID], tags: ['lab'], options: {} };
const GOOD: { readonly [C in Command]: Request<C> } = {
  'fleet.watch': {},
  'fleet.refresh': { computerIds: [ID] },
  'fleet.cancel': {},
  'computer.add': {
    text: 'srv1',
    options: { useSSL: true, sessionOption: { idleTimeout: 60_000, skipCACheck: false } },
    groupIds: [ID],
    signIn: { kind: 'ask', username: 'alice' },
  },
  'computer.diagnose': { computerId: ID },
  'computer.stopDiagnosis': { computerId: ID },
  'trace.record': { computerId: ID, on: true },
  'trace.copy': { computerId: ID },
  'trace.save': { computerId: ID },
  'profile.edit': {
    label: 'Edit',
    put: {
      groups: [{ id: ID, name: 'Lab', options: {} }],
      computers: [computer, { ...computer, signIn: { kind: 'loggedOn' } }],
      views: [{ id: ID, name: 'Idle', filter: '' }],
    },
    from: {
      groups: [{ id: ID, name: 'Laboratory', options: {} }],
      computers: [computer],
      views: [{ id: ID, name: 'Idle', filter: 'a' }],
    },
    remove: { computers: [ID] },
  },
  'profile.undo': {},
  'profile.redo': {},
  'settings.change': { theme: 'dark', sizes: { tree: 200 } },
  'credential.add': { name: 'Lab', username: 'alice' },
  'credential.rename': { credentialId: ID, name: 'Lab' },
  'credential.replace': { credentialId: ID },
  'credential.delete': { credentialId: ID },
  'credential.test': { credentialId: ID, computerId: ID },
  'redirection.allow': { computerId: ID, place: 'https://web02:5986' },
  'certificate.pin': { computerId: ID, sha256: 'a'.repeat(64) },
  'password.ask': { computerIds: [ID] },
  'session.commands': key,
  'session.connect': { sessions: [key] },
  'session.whenFree': key,
  'session.notWhenFree': key,
  'session.disconnect': { sessions: [key] },
  'session.remove': { sessions: [{ ...key, inUse: false, force: true }] },
  'acts.stop': { actId: 1 },
  'output.close': key,
  'output.copy': key,
  'sample.open': {},
  'sample.close': {},
  'clipboard.copy': { text: 'x' },
  'audit.show': {},
  'menu.set': { menus: [{ label: 'File', items: [{ id: 'a', label: 'A', enabled: true }, 'separator'] }] },
};
const commands = Object.keys(GOOD) as Command[];

/** The same with one thing amiss: in every place of it a value of no use, and beside every field one too many. */
function* spoilt(value: unknown, path: string): Generator<[where: string, unknown]> {
  yield [path, Symbol.for('nothing of the sort')];
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries())
      for (const [where, worse] of spoilt(one, `${path}[${i}]`)) yield [where, value.with(i, worse)];
  } else if (typeof value === 'object' && value !== null) {
    yield [`${path}.extra`, { ...value, extra: 1 }];
    for (const [name, one] of Object.entries(value))
      for (const [where, worse] of spoilt(one, `${path}.${name}`)) yield [where, { ...value, [name]: worse }];
  }
}

async function expectRefused(command: Command, request: unknown, where: string) {
  const { knock, handled } = door();
  expect(await knock(command, request), where).toMatchObject({ ok: false, error: { kind: 'invalid' } });
  expect(handled, where).not.toHaveBeenCalled();
}

test.each(commands)('%s takes what fits, and nothing of which one field does not', async (command) => {
  const { knock, handled } = door();
  expect(await knock(command, GOOD[command])).toEqual({ ok: true, value: undefined });
  expect(handled).toHaveBeenCalledWith(GOOD[command]);
  for (const [where, request] of spoilt(GOOD[command], command)) await expectRefused(command, request, where);
});

const add = GOOD['computer.add'];
test.each<[Command, unknown]>([
  ['session.connect', { sessions: [{ ...key, computerId: '../etc' }] }],
  ['session.remove', { sessions: [] }],
  ['session.remove', { sessions: [{ ...key, inUse: false }] }],
  ['session.remove', { sessions: [{ ...key, force: true }] }],
  ['computer.add', { ...add, text: '' }],
  ['computer.add', { ...add, groupIds: undefined }],
  ['computer.add', { ...add, options: { pinnedCertificate: 'a'.repeat(64) } }],
  ['computer.add', { ...add, options: { sessionOption: { skipCACheck: true } } }],
  ['computer.add', { ...add, options: { sessionOption: { skipCNCheck: true } } }],
  ['certificate.pin', { computerId: ID, sha256: 'AA' }],
  ['computer.add', { ...add, options: { redirectTo: ['https://web02:5986'] } }],
  ['redirection.allow', { computerId: ID, place: 'https://web02' }],
  ['redirection.allow', { computerId: ID, place: 'ftp://web02:21' }],
  ['password.ask', { computerIds: [] }],
  ['settings.change', { window: { width: 900, height: 600 } }],
  ['clipboard.copy', { text: 'x'.repeat(4_000_001) }],
])('%s refuses %j', (command, request) => expectRefused(command, request, command));

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
