import { expect, test } from 'vitest';
import { SimulatedTime } from '../simulator/simulated-time.ts';
import { Pace } from './pace.ts';

const NOTHING = { chunks: [], done: false };

test('a computer that answers at once and says nothing is asked once a second, after a little patience', async () => {
  const time = new SimulatedTime(0);
  const pace = new Pace(time.now, time.delay);
  let asked = 0;
  const loop = async () => {
    while (asked < 100) await pace.ask(() => Promise.resolve((asked++, NOTHING)));
  };
  const all = loop();
  await time.pass(10_000);
  expect(asked).toBe(31);
  await time.pass(100_000);
  await all;
});

test('one that waits, or has something to say, is asked again at once', async () => {
  const time = new SimulatedTime(0);
  const pace = new Pace(time.now, time.delay);
  const waits = async () => {
    await time.delay(50, new AbortController().signal);
    return NOTHING;
  };
  const talks = () => Promise.resolve({ chunks: [Uint8Array.of(1)], done: false });
  const all = (async () => {
    for (let i = 0; i < 100; i++) await pace.ask(i % 2 === 0 ? waits : talks);
  })();
  await time.pass(50 * 50);
  await all;
  expect(time.now()).toBe(2_500);
});
