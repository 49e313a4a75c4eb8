import type { SimulatedShell } from './shell.ts';

/** Megabytes around which a shell's use of memory swings. */
const around = new WeakMap<SimulatedShell, number>();
const LEAST_MB = 38;
const SWING = 0.07;

const baseOf = (shell: SimulatedShell): number => {
  const base = around.get(shell) ?? shell.settings.memoryUsedMB;
  around.set(shell, base);
  return base;
};

/** From now on it needs so many megabytes more, or less. */
export function grow(shell: SimulatedShell, megabytes: number): void {
  around.set(shell, Math.max(LEAST_MB, baseOf(shell) + megabytes));
}

/** Sets what each shell uses so many milliseconds after the start: each swings in a time of its own, 3 to 10 minutes. */
export function breathe(shells: readonly SimulatedShell[], sinceStartMs: number): void {
  for (const shell of shells) {
    const periodMs = 180_000 + (Number.parseInt(shell.settings.shellId.slice(0, 4), 16) % 420) * 1000;
    const swing = 1 + SWING * Math.sin((2 * Math.PI * sinceStartMs) / periodMs);
    shell.change({ memoryUsedMB: Math.round(baseOf(shell) * swing) });
  }
}
