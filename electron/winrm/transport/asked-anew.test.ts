import { expect, test } from 'vitest';
import { forgetSilence } from '../index.ts';
import { untilAskedAnew } from './asked-anew.ts';

test('what is remembered until a person asks anew is forgotten with what did not answer', () => {
  let forgotten = 0;
  untilAskedAnew(() => forgotten++);
  forgetSilence();
  expect(forgotten).toBe(1);
});
