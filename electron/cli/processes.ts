import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunPlace } from './run-mark.ts';

interface ProcessStat {
  readonly state: string;
  /** Clock ticks since the system started. */
  readonly startedAt: string;
}

/** The fields of /proc/PID/stat that count from behind the name, which may hold spaces and brackets itself. See proc(5). */
export function readStat(text: string): ProcessStat | undefined {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  const [state, startedAt] = [fields[0], fields[22 - 3]];
  return state && startedAt ? { state, startedAt } : undefined;
}

/** Undefined where the system has no such file. */
const read = <T>(look: () => T): T | undefined => {
  try {
    return look();
  } catch {
    return undefined;
  }
};

const statOf = (processId: number) =>
  readStat(read(() => readFileSync(`/proc/${processId}/stat`, 'utf8')) ?? '');

/** When it started, by the system's own count; undefined where it says no such thing. */
export const startOf = (processId: number): string | undefined => statOf(processId)?.startedAt;

/** The system refuses to look into another user's process, which is one all the same; one that nobody buries is over. */
export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !/^[ZX]$/i.test(statOf(processId)?.state ?? '');
}

/** Where this process counts. */
export function readPlace(): RunPlace {
  const bootId = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const pidNamespace = read(() => readlinkSync('/proc/self/ns/pid'));
  return { host: hostname(), ...(bootId ? { bootId } : {}), ...(pidNamespace ? { pidNamespace } : {}) };
}
