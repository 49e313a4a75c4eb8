import { ensureRuntime } from '../electron-runtime/runtime.mjs';
import { ensureBuilt } from '../setup/build.mjs';
import { onDisplay, whyNoWindow } from '../setup/window-needs.mjs';
import { measure, program } from './measure.mjs';
import { milliseconds, skipped, times } from './table.mjs';

const WHAT = 'cold start to the first table';
const RUNS = '5';

/** From the start of the process to a row on the screen: the app with its sample fleet, and a bare window with a table. */
export async function coldStartRow() {
  const { executable } = await ensureRuntime();
  const obstacle = whyNoWindow(executable);
  if (obstacle) return skipped(WHAT, obstacle);
  await ensureBuilt('app');
  const { app, bare } = await measure(...onDisplay(...program('cold-start.ts', RUNS)));
  return {
    what: WHAT,
    ours: milliseconds(app),
    beside: `${milliseconds(bare)} bare window`,
    ratio: times(app / bare),
    aim: '≤ 1.30 ×',
    note: `medians of ${RUNS}`,
  };
}
