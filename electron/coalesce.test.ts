import { expect, test, vi } from 'vitest';
import { coalesce, paced } from './coalesce.ts';

function setup() {
  const sent: [string, string][][] = [];
  const timers: (() => void)[] = [];
  const add = coalesce<string, string>(
    (entries) => sent.push(entries),
    (fire) => timers.push(fire),
  );
  return { sent, timers, add };
}

test('what comes together goes out together, of one key the last', () => {
  const { sent, timers, add } = setup();
  add(['a', '1']);
  add(['b', '2']);
  add(['a', '3']);
  expect(timers).toHaveLength(1);
  timers[0]!();
  expect(sent).toEqual([
    [
      ['a', '3'],
      ['b', '2'],
    ],
  ]);
});

test('after it went out the next entry starts anew', () => {
  const { sent, timers, add } = setup();
  add(['a', '1']);
  timers[0]!();
  add(['a', '2']);
  timers[1]!();
  expect(sent).toEqual([[['a', '1']], [['a', '2']]]);
});

test('what is flushed goes out at once and no second time; what comes after it waits for the same timer', () => {
  const { sent, timers, add } = setup();
  add(['a', '1']);
  add.flush();
  add.flush();
  expect(sent).toEqual([[['a', '1']]]);
  add(['a', '2']);
  expect(timers).toHaveLength(1);
  timers[0]!();
  add(['a', '3']);
  expect(sent).toEqual([[['a', '1']], [['a', '2']]]);
  expect(timers).toHaveLength(2);
});

test('the more are still to come, the longer the news is gathered', () => {
  vi.useFakeTimers();
  try {
    const sent: number[] = [];
    for (const left of [5_000, 2_000, 500]) paced(50, () => left)(() => sent.push(left));
    vi.advanceTimersByTime(50);
    expect(sent).toEqual([500]);
    vi.advanceTimersByTime(450);
    expect(sent).toEqual([500, 2_000]);
    vi.advanceTimersByTime(500);
    expect(sent).toEqual([500, 2_000, 5_000]);
  } finally {
    vi.useRealTimers();
  }
});
