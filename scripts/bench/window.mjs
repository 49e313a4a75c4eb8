import { ensureRuntime } from '../electron-runtime/runtime.mjs';
import { ensureBuilt } from '../setup/build.mjs';
import { onDisplay, whyNoWindow } from '../setup/window-needs.mjs';
import { measure, program } from './measure.mjs';
import { milliseconds, skipped, times } from './table.mjs';

const WHAT = 'cold start to the first table';
const RUNS = '9';

/** From the start of the process to a row on the screen: the app with its sample fleet, and a bare window with a list. */
export async function coldStartRow() {
  const { executable } = await ensureRuntime();
  const obstacle = whyNoWindow(executable);
  if (obstacle) return skipped(WHAT, obstacle);
  await ensureBuilt('app');
  const { app, bare, ratio } = await measure(...onDisplay(...program('cold-start.ts', executable, RUNS)));
  // JSON has no NaN: null where the system does not tell.
  const cpu =
    app.cpuMs === null ? '' : `; processor ${milliseconds(app.cpuMs)} : ${milliseconds(bare.cpuMs)}`;
  return {
    what: WHAT,
    ours: milliseconds(app.ms),
    beside: `${milliseconds(bare.ms)} bare window`,
    ratio: times(ratio),
    aim: '≤ 1.30 ×',
    note: `medians of ${RUNS} pairs${cpu}`,
  };
}
