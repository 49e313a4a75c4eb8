import { expect, test } from 'vitest';
import { computer } from './fleet-fixture.ts';
import { Fleet } from './fleet.ts';
import { systemTimer } from './timer.ts';
import { WinRMError } from './winrm/index.ts';

test('what came of each computer is told before the end of the round that it is of', async () => {
  const told: string[] = [];
  const due: (() => void)[] = [];
  const fleet = new Fleet({
    open: ({ id }) => ({
      list: async () => {
        if (id === 'b') throw new WinRMError('unreachable', 'b does not answer.');
        return { sessions: [], misses: [] };
      },
      commands: async () => [],
      connect: () => Promise.reject(new Error('unused')),
      remove: () => Promise.reject(new Error('unused')),
      close: () => undefined,
    }),
    taken: () => undefined,
    refused: () => undefined,
    stopped: () => undefined,
    audit: () => undefined,
    emit: {
      changed: (changes) => void told.push(...changes.map(([id, { kind }]) => `${id} ${kind}`)),
      sweep: ({ endedAt }) => void (endedAt === undefined || told.push('end')),
      consoles: () => undefined,
      output: () => undefined,
    },
    now: () => 1,
    gather: (send) => void due.push(send),
    timer: systemTimer,
  });
  fleet.setComputers([computer('a'), computer('b')]);
  await fleet.refresh();
  for (const send of due.toReversed()) send(); // that of the round may come first
  expect(told.toSorted().slice(0, 2)).toEqual(['a answered', 'b failed']);
  expect(told.at(-1)).toBe('end');
  await fleet.close(0);
});
