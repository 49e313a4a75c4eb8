import type { AuditLog } from '../store/audit-log.ts';
import { whyNotWritten } from '../store/why-not-written.ts';
import type { CommandIO } from './io.ts';
import type { LeaveAtEnd } from './leave-at-end.ts';
import type { Reporter } from './report.ts';
import type { RunsInside } from './runs-inside.ts';
import type { TraceFile } from './trace-file.ts';

interface Ending {
  readonly held: Pick<LeaveAtEnd, 'leaveAll'>;
  readonly runs: Pick<RunsInside, 'releaseAll'>;
  readonly log: Pick<AuditLog, 'file' | 'last'>;
  readonly traces: Pick<TraceFile, 'path' | 'write'> | undefined;
  readonly report: Reporter;
  readonly stderr: CommandIO['stderr'];
}

/** Leaves what is held, then has written what was done: each is tried, whatever became of the one before. Never rejects. */
export async function endRun({ held, runs, log, traces, report, stderr }: Ending): Promise<void> {
  await held.leaveAll();
  await runs.releaseAll();
  const unwritten = await log.last();
  if (unwritten) {
    report.failed = true;
    const { lines, lost, why } = unwritten;
    const more = lost > 0 ? ` ${lost} more, which came before, are lost.` : '';
    report.warn(
      `What was done is recorded nowhere: ${why}, so nothing was added to ${log.file}. To be kept by hand, it is:${more}`,
    );
    stderr.write(lines.join(''));
  }
  try {
    await traces?.write();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    report.error({
      message: `The trace could not be written to '${traces?.path}': ${whyNotWritten(code)}. What stands there is not whole.`,
      errorId: 'TraceFileFailed',
    });
  }
}
