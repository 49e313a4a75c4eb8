import { expect, test } from 'vitest';
import type { Console } from '../shared/contract.ts';
import { EMPTY, FOLDS } from './fold.ts';

const key = { computerId: 'a', instanceId: 's' };
const console: Console = {
  ...key,
  name: 'n',
  computerName: 'a',
  configurationName: 'c',
  connectedAt: 1,
  state: 'receiving',
};
const line = (text: string) => ({ stream: 'output' as const, text });
const computer = { id: 'a', computerName: 'a', groupIds: [], options: {}, tags: [] };
const fleet = { sample: false, groups: [], computers: [], views: [] };

test('another fleet voids all that was known of the one before', () => {
  const own = FOLDS['profile.changed'](EMPTY, { ...fleet, computers: [computer] });
  const known = FOLDS['fleet.changed'](own, [['a', { kind: 'waiting' }]]);
  expect(
    FOLDS['profile.changed'](known, { ...fleet, sample: true, computers: [computer] }).statuses.size,
  ).toBe(0);
});

test('a computer that was removed takes its status along, the others keep theirs', () => {
  const known = FOLDS['fleet.changed'](FOLDS['profile.changed'](EMPTY, fleet), [
    ['a', { kind: 'waiting' }],
    ['b', { kind: 'waiting' }],
  ]);
  const after = FOLDS['profile.changed'](known, { ...fleet, computers: [computer] });
  expect([...after.statuses.keys()]).toEqual(['a']);
});

test('lines are appended in order, and each batch is news', () => {
  const once = FOLDS['session.output'](EMPTY, [{ ...key, lines: [line('a')] }]);
  const twice = FOLDS['session.output'](once, [{ ...key, lines: [line('b')] }]);
  expect(twice.output.get('a/s')).not.toBe(once.output.get('a/s'));
  const all = twice.output.get('a/s')!.log.without(new Set());
  expect([all.at(0)?.text, all.at(1)?.text, all.length]).toEqual(['a', 'b', 2]);
});

test('a session that is connected anew keeps what it said before', () => {
  const before = FOLDS['consoles.changed'](EMPTY, [console]);
  const said = FOLDS['session.output'](before, [{ ...key, lines: [line('old')] }]);
  const anew = FOLDS['consoles.changed'](said, [{ ...console, connectedAt: 2, saidBefore: 1 }]);
  const more = FOLDS['session.output'](anew, [{ ...key, lines: [line('new')] }]);
  const lines = more.output.get('a/s')!.log.without(new Set());
  expect([lines.at(0)?.text, lines.at(1)]).toMatchObject(['old', { text: 'new', number: 1 }]);
  expect(FOLDS['consoles.changed'](more, []).output.size).toBe(0);
});

test('an answer that says nothing new stays the very same, so that its rows do', () => {
  const session = (name: string) => ({
    ...{ id: 1, name, computerName: 'a', instanceId: name, configurationName: 'c', shell: { shellId: name } },
    ...({ state: 'Disconnected', availability: 'None' } as const),
  });
  const tell = (
    mirror: typeof EMPTY,
    at: number,
    name: string,
    kind: 'answered' | 'querying' = 'answered',
  ) => {
    const last = { at, sessions: [session(name)] };
    const status = kind === 'answered' ? { kind, last } : { kind, since: 9, last };
    return FOLDS['fleet.changed'](mirror, [['a', status]]);
  };
  const first = tell(EMPTY, 1, 'x');
  const asked = tell(first, 1, 'x', 'querying');
  expect(asked.statuses.get('a')).toMatchObject({ kind: 'querying' });
  expect(asked.statuses.get('a')?.last).toBe(first.statuses.get('a')?.last);
  expect(tell(asked, 1, 'y').statuses.get('a')?.last).not.toBe(first.statuses.get('a')?.last);
});

test('a status that is told without an answer leaves the one before, with its rows', () => {
  const last = { at: 1, sessions: [] };
  const known = FOLDS['fleet.changed'](EMPTY, [['a', { kind: 'answered', last }]]);
  const asked = FOLDS['fleet.changed'](known, [['a', { kind: 'querying', since: 2 }]]);
  expect(asked.statuses.get('a')).toEqual({ kind: 'querying', since: 2, last });
  expect(asked.statuses.get('a')?.last).toBe(last);
});

test('a patch changes what it says, and leaves the rest the very same', () => {
  const b = { ...computer, id: 'b' };
  const told = FOLDS['profile.changed'](EMPTY, { ...fleet, computers: [computer, b], undo: 'Add' });
  const known = FOLDS['fleet.changed'](told, [['a', { kind: 'waiting' }]]);
  const put = { computers: [{ ...b, notes: 'new' }] };
  const patched = FOLDS['profile.patched'](known, { put, remove: {}, redo: 'Edit' });
  expect(patched.profile).toEqual({ ...fleet, computers: [computer, put.computers[0]], redo: 'Edit' });
  expect(patched.profile?.computers[0]).toBe(told.profile?.computers[0]);
  expect(patched.profile?.groups).toBe(told.profile?.groups);
  const gone = FOLDS['profile.patched'](patched, { put: {}, remove: { computers: ['a'] } });
  expect(gone.statuses.size).toBe(0);
});
