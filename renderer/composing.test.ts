import { expect, test } from 'vitest';
import { isComposing } from './composing.ts';

const press = (isComposing: boolean, keyCode: number) => ({ isComposing, keyCode });

test('the keys of an input method are its own, also those that end the word', () => {
  expect(isComposing(press(true, 13))).toBe(true);
  expect(isComposing(press(false, 229))).toBe(true);
  expect(isComposing({ nativeEvent: press(true, 13) })).toBe(true);
  expect(isComposing({ nativeEvent: press(false, 13) })).toBe(false);
});
