import { expect, test } from 'vitest';
import { answer, computer, key, settled, setup } from './fleet-fixture.ts';
import type { List } from './fleet-fixture.ts';

/** Three computers that have answered once, and whose further answers are given one by one. */
async function held() {
  const ends: (() => void)[] = [];
  const list: List = (...question) => new Promise((resolve) => ends.push(() => resolve(answer(...question))));
  const { fleet, sweeps } = setup(list);
  fleet.setComputers(['a', 'b', 'c'].map(computer));
  const endAll = async () => {
    while (ends.length > 0) {
      ends.shift()!();
      await settled();
    }
  };
  const first = fleet.refresh();
  await settled();
  await endAll();
  await first;
  return { fleet, sweeps, ends, endAll };
}

test('who is asked once more after an act begins no sweep, and leaves the last one as it was', async () => {
  const { fleet, sweeps } = setup(answer);
  await fleet.refresh();
  const before = sweeps.length;
  await fleet.remove(key, true);
  await settled();
  expect(sweeps).toHaveLength(before);
  expect(sweeps.at(-1)).toMatchObject({ asked: 2, done: 2 });
});

test('nor does it add to one that runs, or make it longer', async () => {
  const { fleet, sweeps, ends, endAll } = await held();
  const sweep = fleet.refresh();
  await settled();
  ends.shift()!(); // the one that is acted on has answered
  await settled();
  const removed = fleet.remove(key, true);
  await settled();
  expect(ends).toHaveLength(3); // it, too, once more
  ends.shift()!();
  ends.shift()!();
  await sweep;
  expect(sweeps.at(-1)).toMatchObject({ asked: 3, done: 3, endedAt: expect.any(Number) as number });
  const told = sweeps.length;
  await endAll();
  await removed;
  await settled();
  expect(sweeps).toHaveLength(told);
});

test('whoever asks for one that is asked after an act waits for it, and sees it as a round', async () => {
  const { fleet, sweeps, ends, endAll } = await held();
  const removed = fleet.remove(key, true);
  await settled();
  expect(ends).toHaveLength(1);
  const before = sweeps.length;
  let isOver = false;
  const asked = fleet.refresh(['a']).then(() => (isOver = true));
  await settled();
  expect([sweeps.length, isOver]).toEqual([before + 1, false]);
  expect(sweeps.at(-1)).toMatchObject({ asked: 1, done: 0 });
  await endAll();
  await Promise.all([removed, asked]);
  expect(sweeps.at(-1)).toMatchObject({ asked: 1, done: 1, endedAt: expect.any(Number) as number });
});
