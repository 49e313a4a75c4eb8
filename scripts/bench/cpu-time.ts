import { readdirSync, readFileSync } from 'node:fs';

/** Linux tells processor time in hundredths of a second. */
const TICK_MS = 10;

interface Stat {
  readonly parent: number;
  /** Its own and that of its children that have ended; milliseconds. */
  readonly ms: number;
}

/** Milliseconds of processor time that a process used, with all that it started; undefined where /proc does not tell. */
export function cpuTimeOf(root: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const stats = new Map<number, Stat>();
  for (const pid of readdirSync('/proc').map(Number)) {
    const stat = pid > 0 ? statOf(pid) : undefined;
    if (stat) stats.set(pid, stat);
  }
  const isOurs = (pid: number): boolean => {
    for (let at: number | undefined = pid; at; at = stats.get(at)?.parent) if (at === root) return true;
    return false;
  };
  return [...stats].reduce((sum, [pid, { ms }]) => (isOurs(pid) ? sum + ms : sum), 0);
}

/** The same of this one process; NaN where the system does not tell. */
export const ownCpuTimeOf = (pid: number): number =>
  (process.platform === 'linux' ? statOf(pid)?.ms : undefined) ?? NaN;

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5), from field 3 on: a program's name, field 2, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), ms: ticks * TICK_MS };
  } catch {
    return undefined; // it has just ended
  }
}
