import { expect, test } from 'vitest';
import { MAX_CHARACTERS, MAX_LINES } from '../shared/kept-lines.ts';
import { KeptLines, shrinkEnded } from './kept-lines.ts';

const line = (text: string) => ({ stream: 'output' as const, text });
const texts = (kept: KeptLines, from = 0) => kept.since(from).lines.map(({ text }) => text);

test('what came after a point is handed on, without what came before', () => {
  const kept = new KeptLines();
  kept.add([line('a'), line('b')]);
  expect(kept.since(0)).toEqual({ lines: [line('a'), line('b')], dropped: 0 });
  const point = kept.said;
  kept.add([line('c')]);
  expect(texts(kept, point)).toEqual(['c']);
  expect(kept.since(kept.said)).toEqual({ lines: [], dropped: 0 });
});

test('beyond the limit of lines the first go, however they came', () => {
  const kept = new KeptLines();
  const total = MAX_LINES * 3 + 7;
  for (let i = 0; i < total; i++) kept.add([line(String(i))]);
  const { lines, dropped } = kept.since(0);
  expect([lines.length, dropped, kept.said]).toEqual([MAX_LINES, total - MAX_LINES, total]);
  expect([lines[0]?.text, lines.at(-1)?.text]).toEqual([String(total - MAX_LINES), String(total - 1)]);
  expect(kept.since(total - 2)).toEqual({ lines: lines.slice(-2), dropped: 0 });
});

test('beyond the limit of characters the first go, too', () => {
  const kept = new KeptLines();
  const half = 'x'.repeat(MAX_CHARACTERS / 2);
  kept.add([line('first'), line(half)]);
  kept.add([line(half)]);
  expect(kept.since(0)).toMatchObject({ lines: { length: 2 }, dropped: 1 });
  kept.add([line('last')]);
  expect(kept.since(0)).toMatchObject({ lines: { length: 2 }, dropped: 2 });
  expect(texts(kept, 2).at(-1)).toBe('last');
});

test('one line that is too long is dropped whole', () => {
  const kept = new KeptLines();
  kept.add([line('x'.repeat(MAX_CHARACTERS + 1))]);
  expect(kept.since(0)).toEqual({ lines: [], dropped: 1 });
  kept.add([line('next')]);
  expect(texts(kept)).toEqual(['next']);
});

test('of sessions that are over those that ended first lose their first lines, and it is known how many', () => {
  const saying = (...all: string[]) => {
    const kept = new KeptLines();
    kept.add(all.map((text) => line(text.padEnd(900, '.'))));
    return kept;
  };
  const ended = [saying('a', 'b'), saying('c', 'd', 'e'), saying('f')];
  shrinkEnded(ended, 6_000);
  expect(ended.map(({ bytes }) => bytes)).toEqual([2_000, 3_000, 1_000]);
  shrinkEnded(ended, 3_000);
  const left = ended.map((kept) => [
    kept
      .since(0)
      .lines.map(({ text }) => text[0])
      .join(''),
    kept.since(0).dropped,
  ]);
  expect(left).toEqual([
    ['', 2],
    ['de', 1],
    ['f', 0],
  ]);
  ended[0]!.add([line('more')]);
  expect([texts(ended[0]!), ended[0]!.said, ended[0]!.since(2).dropped]).toEqual([['more'], 3, 0]);
});

test('what takes a lot by its lines alone counts, too', () => {
  const kept = new KeptLines();
  kept.add(Array.from({ length: 1_000 }, () => line('')));
  shrinkEnded([kept], 50_000);
  expect(kept.since(0)).toMatchObject({ lines: { length: 500 }, dropped: 500 });
});
