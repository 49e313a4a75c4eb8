import { expect, test } from 'vitest';
import { notLeftInWords } from '../shared/not-left.ts';
import { shownOf, withNotice, withoutFilter, withoutRefusals } from './notices.ts';
import type { SaidNotice } from './notices.ts';

const info = (message: string): SaidNotice => ({ level: 'info', message });
const urgent: SaidNotice = { level: 'error', message: 'Nothing is written down.', urgent: true };
const said = (...all: readonly SaidNotice[]) =>
  all.reduce<readonly SaidNotice[]>(withNotice, []).map(({ message }) => message);

test('a later notice hides no earlier one: the newest is first, and an urgent one before all', () => {
  expect(said(info('a'), info('b'))).toEqual(['b', 'a']);
  expect(said(info('a'), urgent, info('b'))).toEqual([urgent.message, 'b', 'a']);
});

test('an urgent one that stands hides no newer one: both are shown', () => {
  const all = [info('a'), urgent, info('b')].reduce<readonly SaidNotice[]>(withNotice, []);
  expect(shownOf(all).map(({ message }) => message)).toEqual([urgent.message, 'b']);
  expect(shownOf([urgent])).toEqual([urgent]);
  expect(shownOf([info('b'), info('a')])).toEqual([info('b')]);
  expect(shownOf([])).toEqual([]);
});

test('what is said again stands once, and in front', () => {
  expect(said(info('a'), info('b'), info('a'))).toEqual(['a', 'b']);
});

test('of very many the oldest are given up, an urgent one never', () => {
  const many = Array.from({ length: 20 }, (_, n) => info(`${n}`));
  const all = said(urgent, ...many);
  expect([all.length, all[0], all.at(-1)]).toEqual([9, urgent.message, '12']);
});

test('what was refused and is then accepted is said no more', () => {
  const refused: SaidNotice = { ...info('The disk is full.'), refused: ['profile.edit', { label: 'a' }] };
  const both = [refused, info('b')];
  expect(withoutRefusals(both, ['profile.edit', { label: 'a' }])).toEqual([info('b')]);
  expect(withoutRefusals(both, ['profile.edit', { label: 'b' }])).toBe(both);
  expect(withoutRefusals(both, ['session.connect', { label: 'a' }])).toBe(both);
});

test('what was said of a filter goes with it, and stays while white space alone is typed', () => {
  const left: SaidNotice = { ...info('The filter leaves out -Port.'), ofFilter: 'name:x' };
  const both = [left, info('b')];
  expect(withoutFilter(both, 'name:x ')).toBe(both);
  expect(withoutFilter(both, 'name:xy')).toEqual([info('b')]);
  expect(withoutFilter(both, '')).toEqual([info('b')]);
});

test('sessions that could not be left are said as one, however they come; once dismissed they are not counted any more', () => {
  const notLeft = (n: number): SaidNotice => {
    const one = { instanceId: `${n}`, name: `job${n}`, computerName: 'web01' };
    return { level: 'error', message: notLeftInWords([one]), notLeft: [one] };
  };
  const alone = 'job1 on web01 could not be left and stays in use until it idles out.';
  expect(said(notLeft(1), info('a'), notLeft(1))).toEqual([alone, 'a']);
  const nine = Array.from({ length: 9 }, (_, n) => notLeft(n));
  expect(said(...nine, info('a'), notLeft(9))).toEqual([
    '10 sessions could not be left and stay in use until they idle out: job0 on web01, job1 on web01, job2 on web01 and 7 more.',
    'a',
  ]);
});
