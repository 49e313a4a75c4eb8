import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DENSITY } from './density.ts';
import type { Density } from './density.ts';

const tokens = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

/** The first block is normal density, which the others override. */
const blockOf = (density: Density) =>
  density === 'normal'
    ? tokens.slice(0, tokens.indexOf("[data-density='compact']"))
    : (new RegExp(`\\[data-density='${density}'\\] \\{([^}]*)\\}`).exec(tokens)?.[1] ?? '');

test.each(Object.keys(DENSITY) as Density[])('rows are as high at %s as the tokens say', (density) => {
  const value = (name: string) => Number(new RegExp(`--${name}: ([\\d.]+)`).exec(blockOf(density))?.[1]);
  expect({ row: value('row'), head: value('head'), scale: value('scale') }).toEqual(DENSITY[density]);
});
