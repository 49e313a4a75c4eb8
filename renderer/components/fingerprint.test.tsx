import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Fingerprint } from './fingerprint.tsx';

test('a fingerprint may break between its bytes alone, and is one word to whoever copies it', () => {
  const markup = renderToStaticMarkup(<Fingerprint hex="4fa109" />);
  expect(markup).toContain('4f:<wbr/>a1:<wbr/>09');
  expect(markup.replace(/<[^>]+>/g, '')).toBe('4f:a1:09');
});
