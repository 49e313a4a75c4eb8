import { expect, test } from 'vitest';
import { firstLookOf, windowBounds } from './window-place.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1040 };
const right = { x: 1920, y: 0, width: 1280, height: 1024 };
const place = { x: 2000, y: 40, width: 1100, height: 700 };

test('the window stands where it was left', () => {
  expect(windowBounds(place, [screen, right])).toEqual(place);
});

test('on a display that is gone it would be lost, so it stands in the middle of another', () => {
  expect(windowBounds(place, [screen])).toEqual({ width: 1100, height: 700 });
  expect(windowBounds({ ...place, x: -5_000 }, [screen])).not.toHaveProperty('x');
  expect(windowBounds({ ...place, x: 0, y: 1030 }, [screen])).not.toHaveProperty('x');
});

test('it is no larger than its display and no smaller than it can be used', () => {
  expect(windowBounds({ x: 0, y: 0, width: 5_000, height: 300 }, [screen])).toEqual({
    x: 0,
    y: 0,
    width: 1920,
    height: 560,
  });
});

test('the first day it has its own size', () => {
  expect(windowBounds(undefined, [screen])).toEqual({ width: 1440, height: 900 });
});

test.each([undefined, '', '{ half', '[]', '7', '{"theme":"pink","zoom":99,"window":{"width":"wide"}}'])(
  'settings that say nothing usable (%j) are as good as none',
  (text) => expect(firstLookOf(text)).toEqual({ theme: 'system', zoom: 1 }),
);

test('what was remembered is read', () => {
  const text = JSON.stringify({ theme: 'dark', zoom: 1.5, window: { ...place, maximized: true } });
  expect(firstLookOf(text)).toEqual({ theme: 'dark', zoom: 1.5, place: { ...place, maximized: true } });
});
