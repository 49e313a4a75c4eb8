import { expect, test } from 'vitest';
import type { Change, ComputerStatus } from '../shared/contract.ts';
import type { ErrorKind } from '../shared/error.ts';
import type { PSSession } from '../shared/session.ts';
import { forget, mark, NO_MARKS, seeing } from './marks.ts';
import type { Marks } from './marks.ts';

let idle = 0;
const session = (
  name: string,
  availability: PSSession['availability'] = 'None',
  clientIP = '10.0.0.1',
): PSSession => ({
  id: 1,
  name,
  computerName: 'web01',
  instanceId: name,
  state: 'Disconnected',
  availability,
  configurationName: 'c',
  shell: { shellId: name, clientIP, shellInactivityMs: (idle += 1) },
});
const answered = (at: number, ...sessions: PSSession[]): ComputerStatus => ({
  kind: 'answered',
  last: { at, sessions },
});
const failed = (kind: ErrorKind): ComputerStatus => ({
  kind: 'failed',
  at: 0,
  error: { kind, message: 'x' },
});

/** What main tells, one after the other. */
function told(...steps: readonly (readonly [since: number, status: ComputerStatus])[]): Marks {
  let marks = NO_MARKS;
  const before = new Map<string, ComputerStatus>();
  for (const [since, status] of steps) {
    const changes: Change[] = [['a', status]];
    marks = mark(marks, before, changes, since);
    before.set('a', status);
  }
  return marks;
}

test('the first answer of a computer is no news', () => {
  expect(told([1, answered(1, session('x'))])).toEqual(NO_MARKS);
});

test('new and changed rows are marked with when they were told, and counted with those that are gone', () => {
  const marks = told(
    [1, answered(1, session('stays'), session('goes'), session('freed', 'Busy'))],
    [2, answered(2, session('stays'), session('comes'), session('freed'))],
  );
  expect([...marks.fresh]).toEqual([
    ['a/comes', 2],
    ['a/freed', 2],
  ]);
  expect(marks.lastChange).toEqual({ since: 2, added: 1, gone: 1, changed: 1 });
});

test('another client in a session that stays in use is a change', () => {
  const marks = told(
    [1, answered(1, session('x', 'Busy', '10.0.0.1'))],
    [2, answered(2, session('x', 'Busy', '10.0.0.2'))],
  );
  expect(marks.lastChange?.changed).toBe(1);
});

test('figures that only run on are no change, and what an act of ours made of an answer is none either', () => {
  expect(told([1, answered(1, session('x'))], [2, answered(2, session('x'))])).toEqual(NO_MARKS);
  expect(told([1, answered(1, session('x'))], [1, answered(1)])).toEqual(NO_MARKS);
});

test('a sweep adds up over its computers; the last one in which something happened stays', () => {
  const marks = told(
    [1, answered(1)],
    [2, answered(2, session('x'))],
    [2, answered(3, session('x'), session('y'))],
    [9, answered(9, session('x'), session('y'))],
  );
  expect(marks.lastChange).toEqual({ since: 2, added: 2, gone: 0, changed: 0 });
});

test('a computer that failed is behind until it answers, also while it is asked again', () => {
  const asking: ComputerStatus = { kind: 'querying', since: 0 };
  const behind = (...statuses: ComputerStatus[]) =>
    told(...statuses.map((status) => [1, status] as const)).behind.get('a');
  expect(behind(failed('timeout'))).toBe('offline');
  expect(behind(failed('unreachable'), asking)).toBe('offline');
  expect(behind(failed('unreachable'), asking, failed('cancelled'))).toBe('offline');
  expect(behind(failed('denied'))).toBe('failed');
  expect(behind(failed('cancelled'))).toBeUndefined();
  expect(behind(failed('unreachable'), asking, answered(2))).toBeUndefined();
  expect(behind(failed('unreachable'), { kind: 'waiting' })).toBeUndefined();
  expect(behind(answered(1), { kind: 'waiting' }, asking)).toBe('waiting');
  expect(behind(answered(1), { kind: 'waiting' }, asking, answered(2))).toBeUndefined();
});

test('the first answer of another endpoint is no news', () => {
  const unheard: ComputerStatus = { kind: 'waiting', last: { at: 2, sessions: [], unheard: true } };
  expect(told([1, answered(1, session('x'))], [1, unheard], [3, answered(3, session('y'))])).toEqual(
    NO_MARKS,
  );
});

test('of computers that are gone nothing is kept', () => {
  const marks = told([1, answered(1)], [2, answered(2, session('x'))]);
  expect(forget(marks, new Set(['a'])).fresh.size).toBe(1);
  expect(forget(marks, new Set()).fresh.size).toBe(0);
});

test('of rows that were removed from here nothing is kept', () => {
  const before = [
    [1, answered(1, session('stays'))],
    [2, answered(2, session('stays'), session('comes'))],
  ] as const;
  expect([...told(...before).fresh.keys()]).toEqual(['a/comes']);
  const marks = told(...before, [2, answered(2, session('stays'))]);
  expect([...marks.fresh]).toEqual([]);
  expect(marks.lastChange).toEqual({ since: 2, added: 1, gone: 0, changed: 0 });
});

test('what was seen is kept as long as it is news, and no longer', () => {
  const fresh = new Map([
    ['a/one', 5],
    ['a/two', 7],
  ]);
  const seen = new Map([
    ['a/one', 5],
    ['a/gone', 3],
  ]);
  expect([...seeing({ fresh }, seen, ['a/two', 'b/left'])]).toEqual([
    ['a/one', 5],
    ['a/two', 7],
  ]);
});
