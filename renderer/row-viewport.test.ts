import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { RowViewport, shift } from './row-viewport.ts';

const was = ['a', 'b', 'c', 'd', 'e'];
const seen = { first: 2, last: 3, atTop: false };

test('lines that come above push what is looked at down by as many', () => {
  expect(shift(was, ['x', 'y', ...was], seen, undefined)).toBe(2);
  expect(shift(was, ['b', 'c', 'd', 'e'], seen, undefined)).toBe(-1);
});

test('when the first that is seen is gone, the next stands for it', () => {
  expect(shift(was, ['x', 'a', 'b', 'd', 'e'], seen, undefined)).toBe(0);
});

test('at the very top new lines come into sight, unless a line in sight has the focus', () => {
  const top = { first: 0, last: 3, atTop: true };
  expect(shift(was, ['x', ...was], top, undefined)).toBe(0);
  expect(shift(was, ['x', ...was], top, 'b')).toBe(1);
});

test('a focused line out of sight holds nothing', () => {
  expect(shift(was, ['x', 'b', 'c', 'd', 'e', 'a'], seen, 'a')).toBe(0);
});

test('when nothing of it is left, nothing moves', () => {
  expect(shift(was, ['x'], seen, undefined)).toBe(0);
});

const height = 30;
const linesOf = (wanted: unknown, focus?: string) => ({
  keys: Array.from({ length: 1_000 }, (_, i) => `${String(wanted)}/${i}`),
  height,
  head: height,
  wanted,
  focus,
});
let idle: () => void = () => undefined;
let frame: () => void = () => undefined;
/** Ten lines and the head are seen. */
const scroller = { scrollTop: 0, clientHeight: 11 * height };
const viewport = new RowViewport();

beforeAll(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => ((frame = run), 1));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  vi.stubGlobal('requestIdleCallback', (run: () => void) => ((idle = run), 1));
  vi.stubGlobal('cancelIdleCallback', () => (idle = () => undefined));
  viewport.attach(scroller as unknown as HTMLElement);
  viewport.show(linesOf('a'));
});
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const untilIdle = () => {
  frame();
  frame();
  idle();
};

describe('lines that are wanted instead', () => {
  test('are drawn once: what is seen of them, and only when there is time what is beyond', () => {
    untilIdle();
    scroller.scrollTop = 100 * height;
    viewport.scrolled();
    const wanted = linesOf('b');
    const drawn = viewport.drawn(viewport.range(), wanted);
    viewport.show(wanted);
    expect(drawn).toMatchObject({ first: 0, end: 10 });
    expect(viewport.range()).toEqual(drawn);
    untilIdle();
    expect(viewport.range()).toMatchObject({ first: 0, end: 22 });
  });

  test.each([0, 50, 103, 999])('are drawn once, too, where line %i has the focus', (at) => {
    scroller.scrollTop = 100 * height;
    viewport.scrolled();
    const wanted = linesOf(`d${at}`, `d${at}/${at}`);
    const { first, end } = viewport.drawn(viewport.range(), wanted);
    viewport.show(wanted);
    expect(viewport.range()).toMatchObject({ first, end });
    expect(at).toBeGreaterThanOrEqual(first);
    expect(at).toBeLessThan(end);
  });

  test('that are the very same stay where they are, and drawn', () => {
    const lines = linesOf('e');
    viewport.show(lines);
    untilIdle();
    scroller.scrollTop = 100 * height;
    viewport.scrolled();
    const range = viewport.range();
    const renamed = { ...lines, wanted: 'no term yet' };
    expect(viewport.drawn(range, renamed)).toBe(range);
    viewport.show(renamed);
    expect([scroller.scrollTop, viewport.range()]).toEqual([100 * height, range]);
  });

  test('another height leaves the lines in sight that were', () => {
    const lines = linesOf('f');
    viewport.show(lines);
    scroller.scrollTop = 100 * height;
    viewport.scrolled();
    expect(viewport.firstSeen()).toBe(100);
    viewport.show({ ...lines, height: 20, head: 20 });
    expect(scroller.scrollTop).toBe(100 * 20);
    viewport.show(lines);
    expect(scroller.scrollTop).toBe(100 * height);
  });

  test('have what is beyond drawn as soon as a person scrolls, not where `show` scrolls itself', () => {
    scroller.scrollTop = 100 * height;
    viewport.scrolled();
    viewport.show(linesOf('c'));
    viewport.scrolled(); // the event of what `show` did
    expect(viewport.range()).toMatchObject({ first: 0, end: 10 });
    scroller.scrollTop = 4 * height;
    viewport.scrolled();
    expect(viewport.range()).toMatchObject({ first: 0, end: 26 });
  });
});
