import { expect, test } from 'vitest';
import { NOT_ASKED, wasNotAsked } from '../shared/not-asked.ts';
import type { Fleet } from './fleet.ts';
import { answer, computer, key, settled, setup } from './fleet-fixture.ts';

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

const ACTS: readonly [string, (fleet: Fleet) => Promise<unknown>][] = [
  ['Retry', (fleet) => fleet.refresh(['a'])],
  ['connect', (fleet) => fleet.connect(key)],
];

test.each(ACTS)('a person’s %s is sent though the app asks somebody by itself who hangs', async (_, act) => {
  let isRight = true;
  const { fleet, logins, clock } = setup(answer, {
    takes: (id) => (id === 'z' ? new Promise<never>(() => undefined) : isRight),
  });
  fleet.setComputers(['a', 'b', 'z'].map(computer));
  await fleet.refresh(['a']);
  isRight = false;
  void fleet.refresh(['z'], { unasked: true });
  await clock.pass(31_000); // it is waited for no more
  for (const id of ['a', 'b']) fleet.signedIn(id); // on a new connection
  await fleet.refresh(['a', 'b'], { unasked: true });
  const before = logins.length;
  isRight = true; // a colleague has unlocked the account
  await act(fleet);
  await settled();
  expect(logins.length).toBeGreaterThan(before);
});
