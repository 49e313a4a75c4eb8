import { expect, test } from 'vitest';
import { expiresInOf } from '../shared/filter-match.ts';
import type { PSSession, Shell } from '../shared/session.ts';
import { expirySentence, expiryWord } from './expiry.ts';

const MINUTE = 60_000;

test.each([
  [41 * MINUTE, '41 m', 'Expires in 41 m'],
  [0, 'now', 'Expires now'],
  [-20_000, 'now', 'Expires now'],
  [-5 * MINUTE, 'overdue', 'Overdue for 5 m'],
])('%i ms before it expires is %j, %j', (left, word, sentence) => {
  expect([expiryWord(left), expirySentence(left)]).toEqual([word, sentence]);
});

const subject = (shell: Partial<Shell>, rest: Partial<PSSession> = {}) => ({
  badge: 'ready' as const,
  at: 1_000,
  session: { shell: { shellId: 'x', ...shell }, ...rest } as PSSession, // as far as it is asked
});

test('a computer that tells of longer idleness than its limit has it overdue, by ever more', () => {
  const odd = subject({ shellInactivityMs: 9 * MINUTE, idleTimeoutMs: 4 * MINUTE });
  expect(expiresInOf(odd, 1_000)).toBe(-5 * MINUTE);
  expect(expiresInOf(odd, 1_000 + MINUTE)).toBe(-6 * MINUTE);
});

test('where the moment is told it counts, and where no limit is nothing expires', () => {
  expect(expiresInOf(subject({}, { expiresOn: 5_000 }), 4_000)).toBe(1_000);
  expect(expiresInOf(subject({ shellInactivityMs: 9, idleTimeoutMs: 0 }), 1_000)).toBeUndefined();
  expect(expiresInOf(subject({ shellInactivityMs: 9 }), 1_000)).toBeUndefined();
  expect(expiresInOf({ ...subject({}, { expiresOn: 5 }), badge: 'inuse' }, 1_000)).toBeUndefined();
});
