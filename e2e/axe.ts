import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Injected {
  readonly axe?: { run(context: Document, options: object): Promise<AxeResults> };
}

/** In which the window can be seen. */
export const APPEARANCES = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'forced colours': { colorScheme: 'dark', forcedColors: 'active' },
} as const;

/** All of axe-core's rules, best practices too, over what is shown now. @returns a line for each finding */
async function findingsOf(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(SOURCE);
  const { violations, passes } = await page.evaluate(() =>
    (window as Injected).axe!.run(document, { resultTypes: ['violations'] }),
  );
  expect(passes.length).toBeGreaterThan(10); // it did look
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Softly, so that one run tells of every screen. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const [name, media] of Object.entries(APPEARANCES)) {
    await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
    expect.soft(await findingsOf(page), `${screen}, ${name}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' });
}
