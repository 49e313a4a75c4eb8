import { expect, test } from 'vitest';
import { durationMs, idleTimeoutAsPowerShell } from './duration.ts';

test.each([
  ['PT7200.000S', 7_200_000],
  ['PT2147483.647S', 2_147_483_647],
  ['P0DT0H0M9S', 9_000],
  ['P1DT2H3M4S', 93_784_000],
  ['PT2H', 7_200_000],
  ['P1Y', 31_536_000_000],
  ['P1M', 2_592_000_000],
  ['-PT1S', -1_000],
  [' PT0.5S ', 500],
  ['PT9.S', 9_000],
  ['PT.5S', 500],
])('%s', (text, ms) => expect(durationMs(text)).toBe(ms));

test.each(['', 'P', 'PT', 'P1', '7200', 'PT1', 'PT-1S', 'P1S', 'PT1e3S', 'PT.S', `P${'9'.repeat(20)}D`])(
  '%j is no duration',
  (text) => expect(durationMs(text)).toBeUndefined(),
);

test('PowerShell cuts out PT and S and keeps what is above nothing', () => {
  expect(idleTimeoutAsPowerShell('PT7200.000S')).toBe(7_200_000);
  expect(idleTimeoutAsPowerShell('7200')).toBe(7_200_000);
  expect(idleTimeoutAsPowerShell('PT1E3S')).toBe(1_000_000);
  expect(idleTimeoutAsPowerShell('PT60.9999S')).toBe(60_000);
  expect(idleTimeoutAsPowerShell('PT9999999999S')).toBe(2_147_483_000);
  for (const text of ['PT2H', 'PT0S', 'PT-5S', 'pt7200s', 'P0DT2H0M0S', '', undefined])
    expect(idleTimeoutAsPowerShell(text)).toBeUndefined();
});
