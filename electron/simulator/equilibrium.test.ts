import { expect, test } from 'vitest';
import { livingComputer } from './living-computer.ts';
import { SAMPLE_USER, samplePopulation } from './population.ts';
import { Random } from './random.ts';
import { SimulatedTime } from './simulated-time.ts';

const START = 1_763_800_000_000;
const MINUTE_MS = 60_000;

/** How many sessions of the sample fleet are in use, and how many are left, after so many minutes each. */
async function countsAfter(seed: number, ...minutes: readonly number[]) {
  const time = new SimulatedTime(START);
  const all = samplePopulation(seed)
    .filter(({ trouble }) => !trouble)
    .map(({ computerName, sessions, pace }, i) => {
      const random = new Random(seed * 100 + i);
      return livingComputer({
        ...{ computerName, sessions, pace, startedOn: START, seed: seed * 7919 + i, me: SAMPLE_USER },
        ...{ now: time.now, delay: time.delay, newGuid: () => random.guid() },
      });
    });
  const counts: { inUse: number; left: number }[] = [];
  for (let minute = 0; minute <= Math.max(...minutes); minute++) {
    if (minute > 0) await time.pass(MINUTE_MS);
    for (const { life, computer } of all) {
      life.catchUp();
      computer.shells.removeIdle();
    }
    if (!minutes.includes(minute)) continue;
    const shells = all.flatMap(({ computer }) => computer.shells.all);
    const inUse = shells.filter(({ connected }) => connected).length;
    counts.push({ inUse, left: shells.length - inUse });
  }
  return counts;
}

test('the sample fleet moves about where it began: as it is first seen, it is half an hour later', async () => {
  for (const seed of [1, 2, 3, 4]) {
    const [first, ...later] = await countsAfter(seed, 0, 6, 12, 20, 30);
    for (const now of later) {
      for (const what of ['inUse', 'left'] as const) {
        expect(now[what] / first![what]).toBeGreaterThan(0.6);
        expect(now[what] / first![what]).toBeLessThan(1.5);
      }
    }
  }
});
