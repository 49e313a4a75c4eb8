// large-fleet ELECTRON COMPUTERS SESSIONS: prints a line of JSON: the window with a large fleet, and a bare window beside it.
import type { Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownCpuTimeOf } from './cpu-time.ts';
import { frames, framesWhileScrolling, keysToPaint, percentile } from './frames.ts';
import { launchWindow, memoryOf, processorOf, ROOT } from './launch-window.ts';
import type { LaunchedWindow } from './launch-window.ts';
import { changeRows, saveGroup, saveProfile, signIn, sweepOf } from './large-window.ts';
import { median } from './median.ts';
import { Serving } from './serving.ts';
import type { Place } from './serving.ts';
import { sweepBare } from './fleet.ts';

const AT_ONCE = 32;
const LATENCY_MS = 20;
/** V8 gives back what a sweep left once nothing has happened for a while. */
const REST_MS = 40_000;
const WATCH_MS = 4_000;
const PASSES = 3;
/** Sweeps with the window, each beside a bare one: the machine is not as fast from one minute to the next. */
const PAIRS = 3;
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
  const scrolling = await scrolled(window.page, 'html');
  await window.app.close();
  return {
    memory,
    frameMs: median(idle),
    longestMs: median([...longestIn(idle, SAVE_WATCH_MS)]),
    scrollMs: percentile(scrolling, 0.99),
  };
}

/** Frames of several passes, so that a percentile of them is not one frame's. */
async function scrolled(page: Page, selector: string): Promise<readonly number[]> {
  const lengths: number[] = [];
  for (let i = 0; i < PASSES; i++) lengths.push(...(await framesWhileScrolling(page, selector, WATCH_MS)));
  return lengths;
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
    const window = await launchWindow(electron, [ROOT, `--user-data-dir=${folder}`]);
    const { page } = window;
    await signIn(window);
    await sweepOf(page, undefined);
    const { sweepMs, bareSweepMs, processorMs } = await sweepsInTurn(window, serving.places);
    const grid = page.getByRole('treegrid', { name: 'Sessions' });
    const rows = Number(await grid.getAttribute('aria-rowcount'));
    const peakMemory = await memoryOf(window);
    await page.waitForTimeout(WATCH_MS); // what the sweep left to do is not the scrolling's
    const scrolling = await scrolled(page, '[role=treegrid]');
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
      sweepMs,
      bareSweepMs,
      processorMs,
      load: loadavg()[0],
    };
  } finally {
    serving.stop();
  }
}

/** The quickest of each, in milliseconds, and what they took of the processor on average. */
async function sweepsInTurn(window: LaunchedWindow, places: readonly Place[]) {
  const [bare, ours]: [number[], number[]] = [[], []];
  const spent = { bare: 0, main: 0, page: 0 };
  for (let i = 0; i < PAIRS; i++) {
    const idle = ownCpuTimeOf(process.pid);
    bare.push(await sweepBare(places, AT_ONCE));
    spent.bare += ownCpuTimeOf(process.pid) - idle;
    const before = await processorOf(window);
    ours.push(await sweepOf(window.page, 'F5'));
    const after = await processorOf(window);
    spent.main += after.main - before.main;
    spent.page += after.page - before.page;
  }
  const { bare: bareSpent, main, page } = spent;
  return {
    sweepMs: Math.min(...ours),
    bareSweepMs: Math.min(...bare),
    processorMs: { bare: bareSpent / PAIRS, main: main / PAIRS, page: page / PAIRS },
  };
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
