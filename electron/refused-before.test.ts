import { expect, test } from 'vitest';
import { NOT_ASKED, wasNotAsked } from '../shared/not-asked.ts';
import { answer, computer, setup } from './fleet-fixture.ts';

test('a computer that waits for a password anew knows why the one before is not sent any more', async () => {
  let password = true;
  const { fleet, shown } = setup(answer, { takes: () => false, hasPassword: () => password });
  fleet.setComputers(['a', 'b', 'c'].map(computer));
  await fleet.refresh();
  password = false; // it was forgotten
  await fleet.refresh();
  expect(shown('a')).toMatchObject({ kind: 'waiting', refused: { message: 'No.' } });
  const { refused } = shown('c') as { refused: { message: string } };
  expect([refused.message.startsWith(NOT_ASKED), wasNotAsked(refused)]).toEqual([true, true]);
  fleet.setComputers([{ ...computer('a'), username: 'you' }]);
  await fleet.refresh(['a']);
  expect(shown('a')).toEqual({ kind: 'waiting' });
});
