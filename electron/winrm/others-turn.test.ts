import { expect, test } from 'vitest';
import { OthersTurn } from './others-turn.ts';

const PIECE = new Uint8Array(65_536);

test('a short answer is read at once, a long one in turns, in which a signal is heard', async () => {
  const stop = new AbortController();
  const turns = new OthersTurn(stop.signal);
  const before = Array.from({ length: 16 }, () => turns.before(PIECE));
  expect(before.filter((turn) => turn !== undefined)).toEqual([before[15]]);
  await before[15];
  stop.abort(new Error('stopped'));
  const later = Array.from({ length: 16 }, () => turns.before(PIECE));
  await expect(later[15]).rejects.toThrow('stopped');
});
