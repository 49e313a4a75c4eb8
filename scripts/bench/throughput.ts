import { median } from './median.ts';

const PASSES = 9;

export type Pass = () => {
  readonly bytes: number;
  /** What is timed; what it needs was made before. */
  readonly work: () => void;
};

const mbPerSecond = (pass: Pass) => {
  const { bytes, work } = pass();
  const start = performance.now();
  work();
  return bytes / 1000 / (performance.now() - start);
};

/** Medians in MB/s, by name, of passes in turn: whatever else this machine does falls on all alike. */
export function throughputs<Name extends string>(passes: Readonly<Record<Name, Pass>>): Record<Name, number> {
  const entries = Object.entries<Pass>(passes);
  for (const [, pass] of entries) mbPerSecond(pass);
  const rounds = Array.from({ length: PASSES }, () => entries.map(([, pass]) => mbPerSecond(pass)));
  const medians = entries.map(([name], i) => [name, median(rounds.map((round) => round[i] ?? NaN))]);
  return Object.fromEntries(medians) as Record<Name, number>; // the names are those of `passes`
}
