import { _electron as playwright } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { join } from 'node:path';
import { ownCpuTimeOf } from './cpu-time.ts';
import { privateMemory } from './private-memory.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** tsx marks functions with their names by a helper, which is not there where Playwright sends them. */
export const NAMING = 'globalThis.__name = (named) => named; undefined';

export interface LaunchedWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
}

export async function launchWindow(electron: string, args: readonly string[]): Promise<LaunchedWindow> {
  const app = await playwright.launch({
    executablePath: electron,
    cwd: ROOT,
    args: [...args],
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const page = await app.firstWindow();
  await page.waitForLoadState();
  await page.evaluate(NAMING);
  return { app, page };
}

/** What is measured of the main process and of the page's process. */
async function ofBoth({ app }: LaunchedWindow, measure: (pid: number) => number) {
  const pids = await app.evaluate(({ BrowserWindow }) => ({
    main: process.pid,
    page: BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
  }));
  return { main: measure(pids.main), page: measure(pids.page) };
}

/** Private memory; bytes. */
export const memoryOf = (window: LaunchedWindow) => ofBoth(window, privateMemory);
/** Processor time since the start; milliseconds. */
export const processorOf = (window: LaunchedWindow) => ofBoth(window, ownCpuTimeOf);
