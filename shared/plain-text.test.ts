import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

test('a name that would read as another one is shown for what it is', () => {
  expect(plainText('nightly\u202Ebackup')).toBe('nightly\uFFFDbackup');
  expect(plainText('a\u001b[2Jb\u200Bc\uD800')).toBe('a\uFFFD[2Jb\uFFFDc\uFFFD');
});

test('what is harmless stays, on one line', () => {
  expect(plainText('Größe 表 😀\r\nnext')).toBe('Größe 表 😀 next');
});
