// large-fleet ELECTRON COMPUTERS SESSIONS: prints a line of JSON: the window with a large fleet, and a bare window beside it.
import type { Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownCpuTimeOf } from './cpu-time.ts';
import { frames, framesWhileScrolling, keysToPaint, percentile } from './frames.ts';
import { launchWindow, memoryOf, processorOf, ROOT } from './launch-window.ts';
import { changeRows, saveGroup, saveProfile, signIn, sweepOf } from './large-window.ts';
import { median } from './median.ts';
import { Serving } from './serving.ts';
import { sweepBare } from './fleet.ts';

const AT_ONCE = 32;
const LATENCY_MS = 20;
/** V8 gives back what a sweep left once nothing has happened for a while. */
const REST_MS = 40_000;
const WATCH_MS = 4_000;
const CHANGED_PER_SECOND = 500;
const WORDS = ['night', 'busy', 'backup'];
const SAVES = 5;
const SAVE_WATCH_MS = 1_500;
const [electron = '', computers = '5000', sessions = '20000'] = process.argv.slice(2);

async function measureBare() {
  const window = await launchWindow(electron, [join(import.meta.dirname, 'bare-window/main.cjs')]);
  await window.page.waitForSelector('tr');
  const memory = await memoryOf(window);
  const idle = await frames(window.page, WATCH_MS);
  const scrolling = await framesWhileScrolling(window.page, 'html', WATCH_MS);
  await window.app.close();
  return {
    memory,
    frameMs: median(idle),
    longestMs: median([...longestIn(idle, SAVE_WATCH_MS)]),
    scrollMs: percentile(scrolling, 0.99),
  };
}

/** The longest frame of each piece of time. */
function longestIn(lengths: readonly number[], pieceMs: number): readonly number[] {
  let at = 0;
  const longest: number[] = [];
  for (const length of lengths) {
    const piece = Math.floor((at += length) / pieceMs);
    longest[piece] = Math.max(longest[piece] ?? 0, length);
  }
  return longest;
}

async function measureLarge(folder: string) {
  const serving = await Serving.start(Number(computers), LATENCY_MS, Number(sessions));
  try {
    const group = saveProfile(folder, serving.places);
    await sweepBare(serving.places, AT_ONCE); // the computers are made when they are first asked
    const idle = ownCpuTimeOf(process.pid);
    const bareSweepMs = Math.min(
      await sweepBare(serving.places, AT_ONCE),
      await sweepBare(serving.places, AT_ONCE),
    );
    const bareProcessorMs = (ownCpuTimeOf(process.pid) - idle) / 2;
    const window = await launchWindow(electron, [ROOT, `--user-data-dir=${folder}`]);
    const { page } = window;
    await signIn(window);
    await sweepOf(page, undefined);
    const before = await processorOf(window);
    const sweeps = [await sweepOf(page, 'F5'), await sweepOf(page, 'F5')];
    const after = await processorOf(window);
    const processorMs = {
      bare: bareProcessorMs,
      main: (after.main - before.main) / 2,
      page: (after.page - before.page) / 2,
    };
    const grid = page.getByRole('treegrid', { name: 'Sessions' });
    const rows = Number(await grid.getAttribute('aria-rowcount'));
    const peakMemory = await memoryOf(window);
    const scrolling = await framesWhileScrolling(page, '[role=treegrid]', WATCH_MS);
    await page.getByRole('combobox', { name: 'Filter sessions' }).click();
    const keys: number[] = [];
    for (const word of WORDS) {
      keys.push(...(await keysToPaint(page, word)));
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Delete');
    }
    const stop = await changeRows(window, CHANGED_PER_SECOND);
    const changing = await frames(page, WATCH_MS);
    await stop();
    await page.waitForTimeout(WATCH_MS); // what the changes left to do is not the saving's
    const savingMs = await longestWhileSaving(page, group);
    await page.waitForTimeout(REST_MS);
    const memory = await memoryOf(window);
    await window.app.close();
    return {
      rows,
      memory,
      peakMemory,
      scrollMs: percentile(scrolling, 0.99),
      keyMs: median(keys),
      changingMs: median(changing),
      savingMs,
      sweepMs: Math.min(...sweeps),
      bareSweepMs,
      processorMs,
      load: loadavg()[0],
    };
  } finally {
    serving.stop();
  }
}

async function longestWhileSaving(page: Page, group: Parameters<typeof saveGroup>[1]): Promise<number> {
  const longest: number[] = [];
  for (let i = 0; i < SAVES; i++) {
    const saving = frames(page, SAVE_WATCH_MS);
    await saveGroup(page, { ...group, notes: `Saved ${i} times while its frames are counted.` });
    longest.push(Math.max(...(await saving)));
  }
  return median(longest);
}

const folder = mkdtempSync(join(tmpdir(), 'pssession-manager-bench-'));
try {
  const bare = await measureBare();
  const large = await measureLarge(folder);
  process.stdout.write(`${JSON.stringify({ bare, large })}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
