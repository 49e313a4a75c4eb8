import { expect, test } from 'vitest';
import { canBeStopped, noSampleInWords, outcomeInWords, together } from './act-words.ts';
import type { BulkAct } from './bulk-act.ts';

const many: BulkAct = {
  ...{ id: 1, kind: 'remove', asked: 40, begun: 32, done: 3, failed: 1, gone: 1, since: 0 },
};
const one: BulkAct = { ...many, id: 2, asked: 1, begun: 1, done: 0, failed: 0, gone: 0 };

test('Stop is offered as long as there is something that has not begun', () => {
  expect(canBeStopped(many)).toBe(true);
  expect(canBeStopped(one)).toBe(false);
  expect(canBeStopped({ ...many, isStopped: true })).toBe(false);
  expect(canBeStopped({ ...many, endedAt: 9 })).toBe(false);
});

test('why the sample fleet is not opened names Stop where that is offered', () => {
  const because = 'Removing goes on on your own computers. Open the sample fleet once it has ended.';
  expect(noSampleInWords([one, one])).toBe(because);
  expect(noSampleInWords([many])).toBe(`${because} Stop in the status bar makes it end sooner.`);
  expect(noSampleInWords([many, one])).toBe(because);
  expect(noSampleInWords([{ ...one, kind: 'connect' }, one])).toBe(
    'Connecting and removing go on on your own computers. Open the sample fleet once they have ended.',
  );
});

test('acts of one kind can be told as one', () => {
  const connecting: BulkAct = { ...one, kind: 'connect' };
  expect(together([one, connecting, many])).toMatchObject([
    { kind: 'remove', asked: 41, begun: 33, done: 3, failed: 1, gone: 1 },
    connecting,
  ]);
});

test('what was wholly taken over by force is not told as removed, nor as failed', () => {
  expect(outcomeInWords({ ...one, asked: 0, begun: 0, endedAt: 9 })).toBe(
    'No session removed, left to the removal by force',
  );
});
