import { expect, test } from 'vitest';
import { ME, settled, setup } from './login-guard-fixture.ts';
import { isNotAsked, LOGIN_PATIENCE_MS, SILENT_LOGIN_MS } from './login-guard.ts';

test('in a round of silent computers no more than eight logins are sent, whatever becomes of them', async () => {
  const { clock, guard, out, come, say, errors, changes } = setup();
  await guard.round('asked', async () => {
    await come(200);
    for (let i = 0; i < 40; i++) await clock.pass(LOGIN_PATIENCE_MS);
    expect([out.length, errors.length]).toEqual([8, 0]);
    for (let i = 0; i < 7; i++) await say(i, 'ended'); // each after its own time limit
    expect([out.length, errors.length]).toEqual([8, 0]);
    await say(7, 'ended');
    await come();
    expect([out.length, errors.length]).toEqual([8, 193]);
    expect(errors[0]).toMatchObject({ kind: 'timeout' }); // nobody judged it
    expect([errors.every(isNotAsked), guard.stopped, changes.length]).toEqual([true, [], 1]);
    await say(0, 'refused');
    await say(1, 'refused');
    expect(guard.stopped).toEqual(['LAB\\me']);
  });
  await guard.round('asked', () => come());
  expect(out).toHaveLength(9);
});

test('a refusal counts and stops the round though it comes after the silence', async () => {
  const { clock, guard, out, come, say, errors } = setup();
  await come(20);
  await clock.pass(SILENT_LOGIN_MS);
  expect(out).toHaveLength(6);
  await say(0, 'refused');
  await say(1, 'refused');
  await clock.pass(10 * SILENT_LOGIN_MS);
  expect([out.length, errors.length, guard.stopped]).toEqual([6, 14, ['LAB\\me']]);
});

test('those that break off without a word count as the silent do, in a round or without; what nobody judged does not', async () => {
  const { guard, out, come, say, errors } = setup();
  await come(40);
  for (let i = 0; i < 10; i++) await say(i, 'unjudged');
  expect([out.length, errors.length]).toEqual([12, 0]);
  for (let i = 10; i < 18; i++) await say(i, 'ended');
  expect([out.length, errors.length]).toEqual([18, 22]);
  expect([errors.every(isNotAsked), guard.stopped]).toEqual([true, []]);
  await guard.round('asked', () => come());
  expect(out).toHaveLength(19);
});

test('what the app asks by itself while a round goes on sends none beyond its eight, until somebody takes it', async () => {
  const { guard, out, come, say } = setup();
  await guard.round('asked', async () => {
    await come(20);
    for (let i = 0; i < 8; i++) await say(i, 'ended');
    for (let i = 0; i < 3; i++) await guard.round('unasked', () => come(10));
    expect(out).toHaveLength(8);
  });
  const good = setup();
  await good.guard.round('asked', async () => {
    await good.come(7);
    for (let i = 0; i < 6; i++) await good.say(i, 'ended');
    await good.say(6, 'taken');
    await good.guard.round('unasked', () => good.come(20));
    expect(good.out).toHaveLength(9); // as many as in any round, since it is taken no more
    for (const i of [7, 8]) await good.say(i, 'ended');
    expect(good.out).toHaveLength(11); // those before it was taken do not count any more
  });
});

test('silent ones that answer after all make room again', async () => {
  const { clock, out, come, say } = setup();
  await come(20);
  for (let i = 0; i < 10; i++) await clock.pass(LOGIN_PATIENCE_MS);
  expect(out).toHaveLength(8);
  out[0]!.taken('web01:5985');
  await settled();
  expect(out).toHaveLength(9);
  await say(1, 'taken');
  expect(out).toHaveLength(20);
});

test('one computer that says it took the password opens nothing, however often; two do', async () => {
  const { guard, out, come, say, errors } = setup();
  await come(10);
  const word = async (index: number, who: string) => {
    out[index]!.taken(who);
    out[index]!.ended();
    await settled();
  };
  await word(0, 'liar:5985');
  await word(1, 'liar:5985');
  expect([out.length, guard.gate(ME).isOpen]).toEqual([4, false]);
  await say(2, 'refused');
  await word(3, 'liar:5985');
  expect(out).toHaveLength(5); // a word takes no refusal back
  await say(4, 'refused');
  expect([out.length, errors.length, guard.stopped]).toEqual([5, 5, ['LAB\\me']]);

  const honest = setup();
  await honest.come(10);
  for (const i of [0, 1]) honest.out[i]!.taken(`web0${i}:5985`);
  await settled();
  expect(honest.out).toHaveLength(10);
});

test('a word of the last round is none in the next', async () => {
  const { guard, out, come } = setup();
  await guard.round('asked', async () => {
    await come();
    out[0]!.taken('web01:5985');
  });
  await guard.round('asked', async () => {
    await come(5);
    out[1]!.taken('web02:5985');
    await settled();
    expect(out).toHaveLength(4);
  });
});

test('one account in three spellings is refused twice, not six times', async () => {
  const { guard, out, come, say, errors } = setup();
  const spellings = ['LAB\\me', 'me@lab.test', 'lab.test\\ME'].map((username) => ({ ...ME, username }));
  for (const one of spellings) await come(5, undefined, one);
  expect(out).toHaveLength(2);
  await say(0, 'refused');
  await say(1, 'refused');
  for (const one of spellings) await come(1, undefined, one);
  expect([out.length, errors.length]).toEqual([2, 16]);
  expect(guard.stopped).toEqual(spellings.map(({ username }) => username));
  expect(String(errors.at(-1))).toContain('the user of lab.test\\ME, also as it is written for others,');
  guard.forgive(spellings[2]!);
  await come(1, undefined, spellings[2]);
  expect(out).toHaveLength(3);
});

test('that one spelling was taken does not open the others, which may be other accounts', async () => {
  const { out, come, say, errors } = setup();
  const other = { ...ME, username: 'OTHER\\me' };
  await come(3);
  await say(0, 'taken');
  expect(out).toHaveLength(3);
  await come(5, undefined, other);
  expect(out).toHaveLength(5);
  await say(3, 'refused');
  await say(4, 'refused');
  expect([out.length, errors.length]).toEqual([5, 3]);
  await come(4);
  expect(out).toHaveLength(9);
});
