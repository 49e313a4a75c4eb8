import { expect, test } from 'vitest';
import { Tally } from './tally.mjs';

test('the counts of all runners end in one plain line, after a line for each skip and failure', () => {
  const tally = new Tally();
  tally.pass();
  tally.fail('lint');
  tally.add({
    passed: 3,
    failed: ['a.test.ts: breaks'],
    skipped: [{ name: 'b.test.ts: asks', reason: 'no .NET' }],
  });
  tally.add({ passed: 2, failed: [], skipped: [{ name: 'c.test.ts: waits', tests: 4 }] });
  expect(String(tally).split('\n')).toEqual([
    'skipped: b.test.ts: asks: no .NET',
    'skipped: c.test.ts: waits (4 tests)',
    'failed: lint',
    'failed: a.test.ts: breaks',
    '6 passed, 2 failed, 5 skipped',
  ]);
});
