import { expect, test } from 'vitest';
import { LoginGuard } from '../login-guard.ts';
import type { Gate } from '../login-guard.ts';
import { WinRMError } from '../winrm/index.ts';
import { askAll } from './ask-all.ts';

const signal = new AbortController().signal;
const items = Array.from({ length: 50 }, (_, i) => i);

/** Computers of which some refuse the password, asked through the gate of a guard as the engine asks it. */
function computers(refuses: (item: number) => boolean) {
  const gate: Gate = new LoginGuard().gate({ username: 'me', password: 'x' });
  const logins: number[] = [];
  const ask = async (item: number) => {
    const attempt = await gate.before(new AbortController().signal);
    logins.push(item);
    await new Promise(setImmediate);
    if (refuses(item)) attempt.refused();
    else attempt.taken();
    attempt.ended();
    if (refuses(item)) throw new WinRMError('unauthenticated', 'no');
    return item;
  };
  return { logins, ask, options: { limit: 32, signal, gateOf: () => gate } };
}

test('an account that is refused twice is sent to nobody else', async () => {
  const { logins, ask, options } = computers(() => true);
  const answers = await askAll(items, ask, options);
  expect(logins).toHaveLength(2);
  expect(answers.map(({ kind }) => kind)).toEqual(items.map(() => 'failed'));
  expect(answers[49]).toMatchObject({
    error: { message: expect.stringContaining('refused twice') as string },
  });
});

test('one computer that refuses it, among others that do not, stops nobody', async () => {
  const { ask, options } = computers((item) => item === 0);
  const answers = await askAll(items, ask, options);
  expect(answers.filter(({ kind }) => kind === 'answered')).toHaveLength(49);
  expect(answers.map(({ item }) => item)).toEqual(items);
});

test('two that refuse an account which others let in stop nobody', async () => {
  const { ask, options } = computers((item) => item === 2 || item === 3);
  const answers = await askAll(items, ask, options);
  expect(answers.filter(({ kind }) => kind === 'answered')).toHaveLength(48);
});

test('as many are asked at once as may be, and no more', async () => {
  let now = 0;
  let most = 0;
  const ask = async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
  };
  await askAll(items, ask, { limit: 8, signal });
  expect(most).toBe(8);
});

test('who waits for a password that nobody took yet delays nobody of another account', async () => {
  const guard = new LoginGuard();
  const gates = ['silent', 'me'].map((username) => guard.gate({ username, password: 'x' }));
  const stop = new AbortController();
  const gateOf = (item: number) => gates[item < 40 ? 0 : 1];
  let others = 0;
  const answers = await askAll(
    items,
    async (item) => {
      const attempt = await gateOf(item)!.before(AbortSignal.any([stop.signal]));
      if (item < 40) {
        return new Promise<never>((_, reject) =>
          stop.signal.addEventListener('abort', () => reject(new Error('stopped'))),
        );
      }
      attempt.taken();
      attempt.ended();
      if (++others === 10) stop.abort();
      return item;
    },
    { limit: 8, signal: stop.signal, gateOf },
  );
  expect(answers.filter(({ kind }) => kind === 'answered')).toHaveLength(10);
  expect(answers.filter(({ kind }) => kind === 'cancelled')).toHaveLength(40);
});
