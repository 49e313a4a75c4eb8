import { readFileSync } from 'node:fs';

/** What a process alone holds, bytes; NaN where the system does not tell. proc(5), smaps_rollup. */
export function privateMemory(pid: number): number {
  if (process.platform !== 'linux') return NaN;
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty|Hugetlb):\s+(\d+) kB$/gm)];
  return kilobytes.reduce((sum, [, kB]) => sum + Number(kB) * 1_024, 0);
}
