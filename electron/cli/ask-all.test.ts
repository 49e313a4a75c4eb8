import { expect, test } from 'vitest';
import { WinRMError } from '../winrm/index.ts';
import { askAll } from './ask-all.ts';

const never = new AbortController().signal;
const refuse = () => Promise.reject(new WinRMError('unauthenticated', 'no'));
const items = Array.from({ length: 50 }, (_, i) => i);

test('an account that is refused twice is sent to nobody else', async () => {
  let asked = 0;
  const answers = await askAll(items, 32, () => (asked++, refuse()), never);
  expect(asked).toBe(2);
  expect(answers.map(({ kind }) => kind)).toEqual(items.map(() => 'failed'));
  expect(answers[49]).toMatchObject({
    error: { message: expect.stringContaining('refused twice') as string },
  });
});

test('one computer that refuses it, among others that do not, stops nobody', async () => {
  const answers = await askAll(items, 32, (item) => (item === 0 ? refuse() : Promise.resolve(item)), never);
  expect(answers.filter(({ kind }) => kind === 'answered')).toHaveLength(49);
  expect(answers.map(({ item }) => item)).toEqual(items);
});

test('two that refuse an account which others let in stop nobody', async () => {
  const ask = (item: number) => (item === 2 || item === 3 ? refuse() : Promise.resolve(item));
  const answers = await askAll(items, 8, ask, never);
  expect(answers.filter(({ kind }) => kind === 'answered')).toHaveLength(48);
});

test('after the first answer as many are asked at once as may be, and no more', async () => {
  let now = 0;
  let most = 0;
  const ask = async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
  };
  await askAll(items, 8, ask, never);
  expect(most).toBe(8);
});

test('one that never answers gives its turn to the next', async () => {
  const stop = new AbortController();
  const silent = new Promise<never>((_, reject) =>
    stop.signal.addEventListener('abort', () => reject(new Error('stopped'))),
  );
  let others = 0;
  const answers = await askAll(
    [1, 2, 3],
    32,
    (item) => {
      if (item === 1) return silent;
      if (++others === 2) stop.abort();
      return Promise.resolve(item);
    },
    stop.signal,
  );
  expect(answers.map(({ kind }) => kind)).toEqual(['cancelled', 'answered', 'answered']);
});
