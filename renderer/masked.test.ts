import { expect, test } from 'vitest';
import { masked } from './masked.ts';

test('what may be a password is not shown, wherever it stands in a URI that is refused', () => {
  for (const [typed, shown] of [
    ['http://u:secretPW@h/', 'http://u:***@h/'],
    ['https://u:se/cr@et@h:5986/wsman', 'https://u:***@h:5986/wsman'],
    ['u:secret@h', 'u:***@h'],
    ['http://:secret@h', 'http://:***@h'],
    ['http:/u:secret@h', 'http:/u:***@h'],
    ['http://u:/pw@h', 'http://u:***@h'],
  ] as const)
    expect(masked(typed)).toBe(shown);
});

test('what holds none is shown as it is', () => {
  for (const text of ['srv1', 'srv1:5986', 'http://h:80/wsman', 'fe80::1', 'u@h', 'http://u@h/'])
    expect(masked(text)).toBe(text);
});
