import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AuditEntry } from '../audit.ts';
import { AuditLog } from '../store/audit-log.ts';
import { findCmdlet } from './cmdlets.ts';
import { endRun } from './end-run.ts';
import { recordingIO } from './recording-io.ts';
import { Reporter } from './report.ts';
import { SimulatedRuns } from './simulated-runs.ts';

const ENTRY: AuditEntry = {
  at: 0,
  action: 'remove',
  by: 'person',
  account: 'LAB\\alice',
  computer: 'web01',
  endpoint: 'http://web01:5985/wsman',
  session: { name: 'web', instanceId: 'a' },
  result: 'done',
};
const NONE = { releaseAll: () => Promise.resolve() };
const logOf = (runs: SimulatedRuns) => join(runs.folder, '.config', 'PSSession Manager', 'audit.jsonl');

test('what cannot be added to the audit log is printed, and the run has failed', async () => {
  const runs = new SimulatedRuns();
  mkdirSync(logOf(runs), { recursive: true }); // a folder in its place
  const { code, err } = await runs.ask('Remove-PSSession', 'web01', '-Name', 'web');
  expect(code).toBe(1);
  expect(err).toMatch(/^WARNING: What was done is recorded nowhere: a folder stands in its place, so/);
  expect(err).not.toContain('as soon as it can be');
  const [, line = ''] = err.trim().split('\n');
  expect(JSON.parse(line)).toMatchObject({
    action: 'remove',
    computer: 'web01',
    session: 'web',
    result: 'done',
  });
  expect(Object.keys(await runs.states())).not.toContain('web');
});

test('what can be added by then is, and nothing is said of it', async () => {
  const runs = new SimulatedRuns();
  const file = logOf(runs);
  mkdirSync(file, { recursive: true });
  const log = new AuditLog(file, { trouble: () => undefined });
  await log.append(ENTRY);
  rmdirSync(file);
  const { io, err } = recordingIO(runs.folder);
  const report = new Reporter(findCmdlet('Get-PSSession')!, io.stderr, false);
  const held = { leaveAll: () => Promise.resolve() };
  await endRun({ held, runs: NONE, log, traces: undefined, report, stderr: io.stderr });
  expect([err(), report.failed]).toEqual(['', false]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ session: 'web' });
});

test('a trace that cannot be written is a sentence, after what still reads as in use', async () => {
  const { io, err } = recordingIO('/nowhere');
  const report = new Reporter(findCmdlet('Get-PSSession')!, io.stderr, false);
  await endRun({
    held: { leaveAll: async () => report.warn('web may still read as in use.') },
    runs: NONE,
    log: { file: 'audit.jsonl', last: async () => undefined },
    traces: {
      path: '/full/trace.txt',
      write: () => Promise.reject(Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' })),
    },
    report,
    stderr: io.stderr,
  });
  expect(err()).toBe(
    'WARNING: web may still read as in use.\n' +
      "Get-PSSession: The trace could not be written to '/full/trace.txt': the disk is full. What stands there is not whole.\n" +
      '    + FullyQualifiedErrorId : TraceFileFailed,Microsoft.PowerShell.Commands.GetPSSessionCommand\n',
  );
  expect(report.failed).toBe(true);
});
