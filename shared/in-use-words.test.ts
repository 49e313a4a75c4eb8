import { expect, test } from 'vitest';
import { userOf, whoIsIn } from './in-use-words.ts';

test('who is in a session is told alike everywhere, also where the computer does not tell it', () => {
  const ann = { owner: 'CONTOSO\\ann', clientIP: '10.0.4.17' };
  expect(whoIsIn(ann)).toBe('CONTOSO\\ann is in this session from 10.0.4.17');
  expect(userOf(ann)).toBe('CONTOSO\\ann from 10.0.4.17');
  expect([whoIsIn({}), userOf({})]).toEqual(['Another client is in this session', 'another client']);
});
