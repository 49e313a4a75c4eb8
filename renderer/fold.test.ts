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
const computer = { id: 'a', computerName: 'a', groupIds: [], tags: [], options: {} };
const profile = (sample: boolean, computers = [computer]) => ({ sample, groups: [], computers, views: [] });

test('another fleet voids all that was known of the one before', () => {
  const own = FOLDS['profile.changed'](EMPTY, profile(false));
  const known = FOLDS['fleet.changed'](own, [['a', { kind: 'waiting' }]]);
  expect(FOLDS['profile.changed'](known, profile(true)).statuses.size).toBe(0);
});

test('a computer that was removed takes its status along, the others keep theirs', () => {
  const known = FOLDS['fleet.changed'](FOLDS['profile.changed'](EMPTY, profile(false, [])), [
    ['a', { kind: 'waiting' }],
    ['b', { kind: 'waiting' }],
  ]);
  const after = FOLDS['profile.changed'](known, profile(false));
  expect([...after.statuses.keys()]).toEqual(['a']);
});

test('lines are appended in order, and each batch is news', () => {
  const once = FOLDS['session.output'](EMPTY, [{ ...key, lines: [line('a')] }]);
  const twice = FOLDS['session.output'](once, [{ ...key, lines: [line('b')] }]);
  expect(twice.output.get('a/s')).not.toBe(once.output.get('a/s'));
  const all = twice.output.get('a/s')!.log.without(new Set());
  expect([all.at(0)?.text, all.at(1)?.text, all.length]).toEqual(['a', 'b', 2]);
});

test('a session that is connected anew begins a new page', () => {
  const before = FOLDS['consoles.changed'](EMPTY, [console]);
  const said = FOLDS['session.output'](before, [{ ...key, lines: [line('old')] }]);
  const same = FOLDS['consoles.changed'](said, [{ ...console, state: 'idle' }]);
  expect(same.output.get('a/s')?.log.without(new Set())).toHaveLength(1);
  const anew = FOLDS['consoles.changed'](same, [{ ...console, connectedAt: 2 }]);
  expect(anew.output.get('a/s')).toBeUndefined();
});
