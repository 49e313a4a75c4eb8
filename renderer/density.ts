import type { DENSITIES, Settings } from '../shared/settings.ts';

export type Density = (typeof DENSITIES)[number];

/** What tokens.css says of each density, in pixels: rows are placed by script, so it must know. */
export const DENSITY: Readonly<Record<Density, { row: number; head: number; scale: number }>> = {
  compact: { row: 24, head: 26, scale: 1 },
  normal: { row: 32, head: 30, scale: 1.12 },
  roomy: { row: 40, head: 34, scale: 1.2 },
};

export const densityOf = (settings: Settings | undefined) => DENSITY[settings?.density ?? 'normal'];
