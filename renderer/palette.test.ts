import { expect, test } from 'vitest';
import { find } from './palette.ts';
import type { Findable } from './palette.ts';

const items: Findable[] = [
  { id: '1', kind: 'command', label: 'Disconnect' },
  { id: '2', kind: 'command', label: 'Connect and receive' },
  { id: '3', kind: 'command', label: 'Next console' },
  { id: '4', kind: 'session', label: 'ConfigDrift', aside: 'bld01, ready' },
  { id: '5', kind: 'computer', label: 'br-con-01.contoso.com', aside: '2 sessions' },
  { id: '6', kind: 'session', label: 'Nightly', aside: 'ann on console' },
  { id: '7', kind: 'command', label: 'Edit web01…', also: 'Edit computer…' },
];
const labels = (typed: string) => find(items, typed).found.map(({ item }) => item.label);
const marked = (typed: string) =>
  find(items, typed).found.map(({ pieces }) =>
    pieces.map(({ text, isHit }) => (isHit ? `[${text}]` : text)).join(''),
  );

test('what begins with it comes first, then words, then what has it inside, then what says it beside', () => {
  expect(labels('con')).toEqual([
    'Connect and receive',
    'ConfigDrift',
    'Next console',
    'br-con-01.contoso.com',
    'Disconnect',
    'Nightly',
  ]);
});

test('what was found is marked, at a word’s beginning where there is one', () => {
  expect(marked('con').slice(0, 5)).toEqual([
    '[Con]nect and receive',
    '[Con]figDrift',
    'Next [con]sole',
    'br-[con]-01.contoso.com',
    'Dis[con]nect',
  ]);
});

test('every word has to be found, in any order', () => {
  expect(labels('rec con')).toEqual(['Connect and receive']);
  expect(marked('rec con')).toEqual(['[Con]nect and [rec]eive']);
  expect(labels('con nothing')).toEqual([]);
});

test('the first letter narrows to commands, sessions or computers', () => {
  expect(labels('>con')).toEqual(['Connect and receive', 'Next console', 'Disconnect']);
  expect(labels('@con')).toEqual(['ConfigDrift', 'Nightly']);
  expect(labels('#')).toEqual(['br-con-01.contoso.com']);
});

test('what is named after what is selected is found by its general words, which are not marked', () => {
  expect(marked('edit comp')).toEqual(['[Edit] web01…']);
});

test('nothing typed is everything, as it stands', () => {
  expect(labels('')).toEqual(items.map(({ label }) => label));
});

test('of many the best are given, and how many there are', () => {
  expect(find(items, 'con', 2)).toMatchObject({ found: { length: 2 }, total: 6 });
});

test('letters that mean something in patterns are letters', () => {
  expect(labels('.*')).toEqual([]);
  expect(labels('con-01.')).toEqual(['br-con-01.contoso.com']);
});
