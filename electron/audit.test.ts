import { expect, test } from 'vitest';
import { toAuditLine } from './audit.ts';
import type { AuditEntry } from './audit.ts';

const ENTRY: AuditEntry = {
  at: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  action: 'remove',
  by: 'person',
  computer: 'web01',
  endpoint: 'http://web01:5985/wsman',
  session: { name: 'Nightly', instanceId: '7c9e6679-7425-40de-944b-e07fc1f90ae7' },
  account: 'LAB\\alice',
  result: 'failed',
  errorId: 'AccessDenied',
};

test('an act is one line: when, what, by whom, where, on which session, and what came of it', () => {
  const line = toAuditLine(ENTRY);
  expect(line).toBe(
    '{"at":"2026-01-02T03:04:05.006Z","action":"remove","by":"person","computer":"web01","endpoint":"http://web01:5985/wsman",' +
      '"session":"Nightly","instanceId":"7c9e6679-7425-40de-944b-e07fc1f90ae7","account":"LAB\\\\alice","result":"failed","errorId":"AccessDenied"}\n',
  );
});

test('what names hold breaks no line and drives no terminal', () => {
  const name = 'a\r\nb\u2028c\u001b[2Jd\u202ee';
  const line = toAuditLine({ ...ENTRY, session: { ...ENTRY.session, name }, account: name, computer: name });
  expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u2028\u202e]/);
  expect(JSON.parse(line)).toMatchObject({ session: 'a b\ufffdc\ufffd[2Jd\ufffde' });
});
