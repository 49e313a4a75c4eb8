import { expect, test } from 'vitest';
import { expiryWords } from './certificate-words.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 1);
const ends = (inMs: number) =>
  expiryWords({ subject: '', issuer: '', thumbprint: '', validFrom: 0, validTo: NOW + inMs }, NOW);

test('a certificate is warned of thirty days before it ends', () => {
  expect(ends(31 * DAY)).toBeUndefined();
  expect(ends(12.5 * DAY)).toEqual({ look: 'warning', text: 'Expires in 12 days' });
  expect(ends(DAY)).toEqual({ look: 'warning', text: 'Expires in 1 day' });
  expect(ends(DAY / 2)).toEqual({ look: 'warning', text: 'Expires today' });
  expect(ends(-1)).toEqual({ look: 'danger', text: 'Expired' });
});
