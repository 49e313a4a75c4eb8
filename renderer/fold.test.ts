import { expect, test } from 'vitest';
import type { Console } from '../shared/contract.ts';
import { EMPTY, FOLDS, MAX_LINES } from './fold.ts';

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
const computer = { id: 'a', computerName: 'a', options: {} };

test('another fleet voids all that was known of the one before', () => {
  const own = FOLDS['profile.changed'](EMPTY, { sample: false, computers: [computer] });
  const known = FOLDS['fleet.changed'](own, [['a', { kind: 'waiting' }]]);
  expect(FOLDS['profile.changed'](known, { sample: true, computers: [computer] }).statuses.size).toBe(0);
});

test('a computer that was removed takes its status along, the others keep theirs', () => {
  const known = FOLDS['fleet.changed'](FOLDS['profile.changed'](EMPTY, { sample: false, computers: [] }), [
    ['a', { kind: 'waiting' }],
    ['b', { kind: 'waiting' }],
  ]);
  const after = FOLDS['profile.changed'](known, { sample: false, computers: [computer] });
  expect([...after.statuses.keys()]).toEqual(['a']);
});

test('lines are appended in order; beyond the limit the first go and are counted', () => {
  const many = Array.from({ length: MAX_LINES }, (_, i) => line(String(i)));
  const full = FOLDS['session.output'](EMPTY, [{ ...key, lines: many }]);
  const over = FOLDS['session.output'](full, [{ ...key, lines: [line('last')] }]);
  const output = over.output.get('a/s');
  expect(output?.lines.length).toBe(MAX_LINES);
  expect([output?.lines[0]?.text, output?.lines.at(-1)?.text, output?.dropped]).toEqual(['1', 'last', 1]);
});

test('a session that is connected anew begins a new page', () => {
  const before = FOLDS['consoles.changed'](EMPTY, [console]);
  const said = FOLDS['session.output'](before, [{ ...key, lines: [line('old')] }]);
  const same = FOLDS['consoles.changed'](said, [{ ...console, state: 'idle' }]);
  expect(same.output.get('a/s')?.lines).toHaveLength(1);
  const anew = FOLDS['consoles.changed'](same, [{ ...console, connectedAt: 2 }]);
  expect(anew.output.get('a/s')).toBeUndefined();
});
