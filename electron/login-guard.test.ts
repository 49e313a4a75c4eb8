import { expect, test } from 'vitest';
import { ME, settled, setup } from './login-guard-fixture.ts';
import { isNotAsked, LOGIN_PATIENCE_MS, SILENT_LOGIN_MS } from './login-guard.ts';

test('two logins go out; when one is taken all follow, and a refusal then stops nobody', async () => {
  const { guard, out, come, say, errors, changes } = setup();
  await come(10);
  expect(out).toHaveLength(2);
  await say(0, 'taken');
  expect(out).toHaveLength(10);
  for (const i of [1, 2, 3]) await say(i, 'refused');
  await come();
  expect([out.length, errors.length, guard.stopped]).toEqual([11, 0, []]);
  await guard.round('unasked', async () => undefined);
  expect(guard.stopped).toEqual([]);
  expect(changes).toEqual([[]]);
});

test('after one refusal one goes out at a time, after the second none any more', async () => {
  const { guard, out, come, say, errors, changes } = setup();
  await come(200);
  await say(0, 'refused');
  expect(out).toHaveLength(2); // the other may be refused as well
  await say(1, 'refused');
  await come();
  expect(out).toHaveLength(2);
  expect(errors).toHaveLength(199);
  expect(errors.every(isNotAsked)).toBe(true);
  expect(String(errors[0])).toContain('LAB\\me was refused twice');
  expect([guard.stopped, changes]).toEqual([['LAB\\me'], [['LAB\\me']]]);
});

test('one computer that alone refuses a good password stops nobody', async () => {
  const { out, come, say, errors } = setup();
  await come(5);
  await say(0, 'refused');
  await say(1, 'taken');
  expect([out.length, errors.length]).toEqual([5, 0]);
});

test('one that gives no answer gives its place back, and its late refusal counts', async () => {
  const { clock, guard, out, come, say, errors } = setup();
  await come(5);
  await clock.pass(LOGIN_PATIENCE_MS - 1);
  expect(out).toHaveLength(2);
  await clock.pass(1);
  expect(out).toHaveLength(4);
  await say(0, 'refused');
  await say(1, 'refused');
  expect([errors.length, guard.stopped]).toEqual([1, ['LAB\\me']]);
  await say(2, 'taken'); // two were wrong about it
  expect(guard.stopped).toEqual([]);
});

test('where all are slow, no more than four are out at once, so that a wrong password counts four times', async () => {
  const { clock, guard, out, come, say, errors } = setup();
  await come(20);
  await clock.pass(3 * LOGIN_PATIENCE_MS);
  expect(out).toHaveLength(4);
  for (const i of [0, 1, 2, 3]) await say(i, 'refused');
  expect([out.length, errors.length, guard.stopped]).toEqual([4, 16, ['LAB\\me']]);
});

test('who says nothing for very long is waited for no more', async () => {
  const { clock, out, come } = setup();
  await come(20);
  await clock.pass(SILENT_LOGIN_MS - 1);
  expect(out).toHaveLength(4);
  await clock.pass(1);
  expect(out).toHaveLength(6);
});

test('one whose connection broke makes room at once', async () => {
  const { out, come, say } = setup();
  await come(3);
  await say(0, 'ended');
  expect(out).toHaveLength(3);
});

test('who is cancelled at the gate leaves it', async () => {
  const { out, come, say, errors } = setup();
  const stop = new AbortController();
  await come(2);
  await come(1, stop.signal);
  await come(1);
  stop.abort(new Error('enough'));
  await settled();
  expect(errors.map(String)).toEqual(['Error: enough']);
  await say(0, 'ended');
  expect(out).toHaveLength(3);
});

test('another password of the same account is another credential, the same in another case is not', async () => {
  const { guard, out, come } = setup();
  await come(3);
  await come(3, undefined, { ...ME, password: 'other' });
  expect(out).toHaveLength(4);
  await come(1, undefined, { ...ME, username: 'lab\\ME' });
  expect(out).toHaveLength(4);
  expect(guard.gate(ME).key).not.toContain('secret');
});

test('a new round asks anew whether it is taken; only a person has refusals forgotten', async () => {
  const { guard, out, come, say, errors } = setup();
  await come(2);
  await say(0, 'taken');
  await say(1, 'ended');
  await guard.round('unasked', async () => undefined);
  await come(3);
  expect(out).toHaveLength(4);
  await say(2, 'refused');
  await say(3, 'refused');
  await guard.round('unasked', async () => undefined);
  await come();
  expect([out.length, errors.length]).toEqual([4, 2]);
  await guard.round('asked', async () => undefined);
  await come();
  expect(out).toHaveLength(5);
});

test('a person who refreshes in the middle of a round has no refusals forgotten', async () => {
  const { guard, out, come, say, errors } = setup();
  let end = () => {};
  const first = guard.round('asked', () => new Promise<void>((resolve) => (end = resolve)));
  await come(5);
  await say(0, 'refused');
  await guard.round('asked', () => come(3));
  await say(1, 'refused');
  await guard.round('asked', () => come(3));
  expect([out.length, errors.length]).toEqual([2, 9]);
  end();
  await first;
  await guard.round('asked', () => come(3));
  expect(out).toHaveLength(4);
});

test('what the app asks by itself is not in the way of a person, though it never ends', async () => {
  const { guard, out, come, say, errors } = setup();
  const ends: (() => void)[] = [];
  const underWay = () => new Promise<void>((resolve) => ends.push(resolve));
  const unasked = guard.round('unasked', underWay);
  await come(4);
  await say(0, 'refused');
  await say(1, 'refused');
  await guard.round('unasked', () => come(2));
  expect([out.length, errors.length, guard.isAsked]).toEqual([2, 4, false]);
  const asked = guard.round('asked', underWay); // its Retry
  await come(5);
  expect([out.length, guard.isAsked]).toEqual([4, true]);
  await say(2, 'refused');
  await guard.round('unasked', () => come(2));
  await guard.round('asked', () => come(2)); // part of the one under way
  await say(3, 'refused');
  await come(5);
  expect([out.length, guard.stopped]).toEqual([4, ['LAB\\me']]);
  for (const end of ends) end();
  await Promise.all([unasked, asked]);
});

test('a login that the app sent by itself, and that is still out, counts for the person who asks then', async () => {
  const { guard, out, come, say } = setup();
  let end = () => {};
  const unasked = guard.round('unasked', () => new Promise<void>((resolve) => (end = resolve)));
  await come(2);
  await guard.round('asked', async () => {
    await come(3);
    expect(out).toHaveLength(2);
    await say(0, 'refused');
    await say(1, 'refused');
    await come(3);
    expect(out).toHaveLength(2);
  });
  end();
  await unasked;
});

test('a new round asks anew whether it is taken, though somebody keeps the older one open', async () => {
  const { guard, out, come, say, errors } = setup();
  let end = () => {};
  const first = guard.round('asked', () => new Promise<void>((resolve) => (end = resolve)));
  await come(10);
  await say(0, 'taken');
  for (const why of ['asked', 'unasked'] as const) {
    const before = out.length;
    await guard.round(why, () => come(20));
    expect(out).toHaveLength(before + 2); // not held up by those that are still out
    await say(before, 'taken');
    expect(out).toHaveLength(before + 20);
  }
  await guard.round('asked', () => come(20));
  await say(50, 'refused');
  await say(51, 'refused'); // the password was changed meanwhile
  expect([out.length, errors.length, guard.stopped]).toEqual([52, 18, ['LAB\\me']]);
  end();
  await first;
});

test('what belongs to what is under way waits for nobody', async () => {
  const { guard, out, come, say } = setup();
  let end = () => {};
  const first = guard.round('asked', () => new Promise<void>((resolve) => (end = resolve)));
  await come(1);
  await say(0, 'taken');
  await guard.round('within', () => come(5));
  expect(out).toHaveLength(6);
  end();
  await first;
  await guard.round('within', () => come(5));
  expect(out).toHaveLength(8);
});

test('after its round nobody is trusted any more: a session that signs in again by itself is as careful as anybody', async () => {
  const { guard, out, come, say } = setup();
  await guard.round('asked', async () => {
    await come(1);
    await say(0, 'taken');
  });
  await come(20);
  expect(out).toHaveLength(3);
});

test('what a person has just typed anew is sent, whatever it was refused for before', async () => {
  const { guard, out, come, say, errors } = setup();
  let end = () => {};
  const first = guard.round('asked', () => new Promise<void>((resolve) => (end = resolve)));
  await come(2);
  await say(0, 'refused');
  await say(1, 'refused');
  await guard.round('asked', () => come(1));
  expect([out.length, errors.length]).toEqual([2, 1]);
  guard.forgive(ME);
  await come(1);
  expect([out.length, guard.stopped]).toEqual([3, []]);
  end();
  await first;
});
