import { expect, test } from 'vitest';
import type { PSDateTime } from '../winrm/psrp/value.ts';
import { formatDateTime } from '../winrm/psrp/date-time.ts';
import { localDateTime } from './local-date-time.ts';

/** Berlin's in 2026. */
const berlin = (utcMs: number) =>
  utcMs >= Date.UTC(2026, 2, 29, 1) && utcMs < Date.UTC(2026, 9, 25, 1) ? 120 : 60;

// What `[datetime]'…'` gives in PowerShell 7.6.9 with TZ=Europe/Berlin.
test.each([
  ['2026-01-02T03:04:05Z', '2026-01-02T04:04:05+01:00'],
  ['2026-01-02 03:04:05z', '2026-01-02T04:04:05+01:00'],
  ['2026-07-02T03:04:05Z', '2026-07-02T05:04:05+02:00'],
  ['2026-10-25T00:30:00Z', '2026-10-25T02:30:00+02:00'],
  ['2026-01-02T03:04:05+05:30', '2026-01-01T22:34:05+01:00'],
  ['2026-01-02T03:04:05 +05:30', '2026-01-01T22:34:05+01:00'],
  ['2026-01-02T03:04:05+14:00', '2026-01-01T14:04:05+01:00'],
  ['2026-01-02T03:04Z', '2026-01-02T04:04:00+01:00'],
  ['2026-01-02Z', '2026-01-02T01:00:00+01:00'],
  ['2026-01-02+02:00', '2026-01-01T23:00:00+01:00'],
  ['2026-01-02', '2026-01-02T00:00:00'],
  [' 2026-01-02  03:04 ', '2026-01-02T03:04:00'],
  ['2026-01-02t03:04:05.1234567', '2026-01-02T03:04:05.1234567'],
])('%j is %s', (text, expected) => {
  expect(formatDateTime(localDateTime(text, berlin) as PSDateTime)).toBe(expected);
});

test.each([
  ...['tomorrow', '2026-01', '2026-01Z', '2026-02-29', '0000-01-01', '2026-01-02T24:00:00'],
  ...['2026-01-02T03:04:60', '2026-01-02T03:04:05.', '2026-01-02T03:04:05+14:30', '01/02/2026'],
  '9999-12-31T23:59:59.9999999Z',
])('%j is refused', (text) => {
  expect(() => localDateTime(text, berlin)).toThrow();
});
