import { afterEach, expect, test } from 'vitest';
import type { PSSession } from '../../shared/session.ts';
import { sessionJson } from './session-json.ts';

const before = process.env['TZ'];
afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

const session: PSSession = {
  ...{ id: 1, name: 'web', computerName: 'web01', state: 'Disconnected', availability: 'None' },
  ...{ instanceId: '00000002-0000-0000-0000-000000000000', configurationName: 'Microsoft.PowerShell' },
  shell: { shellId: '00000002-0000-0000-0000-000000000000' },
};

test.each([
  ['Etc/UTC', '2026-07-01T10:00:00.250+00:00', '2026-01-01T00:30:00.000+00:00'],
  ['Europe/Berlin', '2026-07-01T12:00:00.250+02:00', '2026-01-01T01:30:00.000+01:00'],
  ['America/New_York', '2026-07-01T06:00:00.250-04:00', '2025-12-31T19:30:00.000-05:00'],
  ['Asia/Kolkata', '2026-07-01T15:30:00.250+05:30', '2026-01-01T06:00:00.000+05:30'],
  ['America/St_Johns', '2026-07-01T07:30:00.250-02:30', '2025-12-31T21:00:00.000-03:30'],
])('times are those of this machine, with their offset: in %s', (zone, disconnected, expires) => {
  process.env['TZ'] = zone;
  const [disconnectedOn, expiresOn] = [Date.UTC(2026, 6, 1, 10, 0, 0, 250), Date.UTC(2026, 0, 1, 0, 30)];
  const json = sessionJson({ ...session, disconnectedOn, expiresOn });
  expect([json['DisconnectedOn'], json['ExpiresOn']]).toEqual([disconnected, expires]);
  expect([Date.parse(disconnected), Date.parse(expires)]).toEqual([disconnectedOn, expiresOn]);
});

test('what is no date, or near the end of all dates, is null, whatever the zone', () => {
  process.env['TZ'] = 'Pacific/Kiritimati';
  expect(sessionJson({ ...session, disconnectedOn: 8.64e15, expiresOn: 9e15 })).toMatchObject({
    DisconnectedOn: null,
    ExpiresOn: null,
  });
});
