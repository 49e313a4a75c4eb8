import { expect, test } from 'vitest';
import { rungsOf } from './diagnosis.ts';

test('a ladder has the step of the proxy where it is tried or was, and all others from the beginning', () => {
  const direct = ['name', 'port', 'tls', 'offers', 'signIn', 'identify', 'list'];
  expect(rungsOf({ rungs: [], running: 'name' })).toEqual(direct);
  expect(rungsOf({ rungs: [], running: 'proxy' })).toEqual(['proxy', ...direct]);
  const proxy = { name: 'proxy', verdict: 'ok', sentence: 'It took the connection.' } as const;
  expect(rungsOf({ rungs: [proxy], running: 'name' })).toEqual(['proxy', ...direct]);
});
