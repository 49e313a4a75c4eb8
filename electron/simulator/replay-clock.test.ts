import { expect, test } from 'vitest';
import { ReplayClock } from './replay-clock.ts';

test('it stands at the moment while that is carried out, within another too, and goes on after', () => {
  const clock = new ReplayClock(() => 100);
  const seen = clock.at(10, () => [clock.now(), clock.at(20, clock.now), clock.now()]);
  expect([...seen, clock.now()]).toEqual([10, 20, 10, 100]);
});

test('what fails in the past does not keep it there', () => {
  const clock = new ReplayClock(() => 100);
  expect(() =>
    clock.at(10, () => {
      throw new Error('then');
    }),
  ).toThrow('then');
  expect(clock.now()).toBe(100);
});
