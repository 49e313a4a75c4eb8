import { expect, test } from 'vitest';
import { ownMark, seenFromHere } from './run-mark.ts';
import type { RunMark, SeenRun, Surroundings } from './run-mark.ts';

const PLACE = { host: 'here', bootId: 'boot-1', pidNamespace: 'pid:[1]' };
const STARTS: Readonly<Record<number, string>> = { 7: '700', 8: '800' };
const here: Surroundings = {
  processId: 7,
  place: PLACE,
  startOf: (processId) => STARTS[processId],
  isRunning: (processId) => processId in STARTS,
};
const other: RunMark = { ...PLACE, processId: 8, startedAt: '800' };

test.each<[string, RunMark, SeenRun]>([
  ['this run', ownMark(here), 'own'],
  ['one that goes on', other, 'running'],
  ['one whose process is not there', { ...other, processId: 9, startedAt: '900' }, 'over'],
  ['one whose number another process has by now', { ...other, startedAt: '12' }, 'over'],
  ['one that had this run’s number before it', { ...ownMark(here), startedAt: '12' }, 'over'],
  ['one before this host was started anew', { ...other, bootId: 'boot-0' }, 'over'],
  ['one on another host', { ...other, host: 'there', bootId: 'boot-2' }, 'elsewhere'],
  [
    'one with this run’s number on another host',
    { ...ownMark(here), host: 'there', bootId: 'x' },
    'elsewhere',
  ],
  ['one in another container of this host', { ...other, host: 'c1', pidNamespace: 'pid:[2]' }, 'elsewhere'],
  ['one before this host got another name', { ...other, host: 'dhcp-12' }, 'running'],
  ['one of which nothing but the number was kept', { processId: 8 }, 'running'],
  ['one of which nothing but the number was kept, and is over', { processId: 9 }, 'over'],
])('%s is told from the others', (_, mark, seen) => {
  expect(seenFromHere(mark, here)).toBe(seen);
});

test('where a system says no more, host and number count', () => {
  const mac = { ...here, place: { host: 'here' }, startOf: () => undefined };
  expect(ownMark(mac)).toEqual({ processId: 7, host: 'here' });
  expect(seenFromHere({ processId: 8, host: 'here' }, mac)).toBe('running');
  expect(seenFromHere({ processId: 8, host: 'there' }, mac)).toBe('elsewhere');
});
