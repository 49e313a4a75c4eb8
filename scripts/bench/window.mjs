import { ensureRuntime } from '../electron-runtime/runtime.mjs';
import { ensureBuilt } from '../setup/build.mjs';
import { onDisplay, whyNoWindow } from '../setup/window-needs.mjs';
import { measure, program } from './measure.mjs';
import { milliseconds, skipped, times } from './table.mjs';

const WHAT = 'cold start to the first table';
const RUNS = '15';
const LARGE = { computers: 5_000, sessions: 20_000 };

/** From the start of the process to a row on the screen: the app with its sample fleet, and a bare window with a list. */
export async function coldStartRow() {
  const { executable } = await ensureRuntime();
  const obstacle = whyNoWindow(executable);
  if (obstacle) return skipped(WHAT, obstacle);
  await ensureBuilt('app');
  const { app, bare, ratio, sparedRatio } = await measure(
    ...onDisplay(...program('cold-start.ts', executable, RUNS)),
  );
  // JSON has no NaN: null where the system does not tell.
  const cpu =
    app.cpuMs === null ? '' : `; processor ${milliseconds(app.cpuMs)} : ${milliseconds(bare.cpuMs)}`;
  return {
    what: WHAT,
    ours: milliseconds(app.ms),
    beside: `${milliseconds(bare.ms)} bare window`,
    ratio: times(ratio),
    aim: '≤ 1.30 ×',
    note: `sample fleet; medians of ${RUNS} pairs; ${times(sparedRatio)} beside a bare window with the same switches${cpu}`,
  };
}

/** The window with thousands of computers beside a bare one with forty rows. */
export async function largeFleetRows() {
  const what = `${LARGE.computers} computers, ${LARGE.sessions} sessions`;
  const { executable } = await ensureRuntime();
  const obstacle = whyNoWindow(executable);
  if (obstacle) return skipped(what, obstacle);
  await ensureBuilt('app');
  const { bare, large } = await measure(
    ...onDisplay(...program('large-fleet.ts', executable, String(LARGE.computers), String(LARGE.sessions))),
  );
  const grown = (name, when, memory, aim) => ({
    what: `${what}: memory of ${name}, ${when}`,
    ours: megabytes(memory[name]),
    beside: `${megabytes(bare.memory[name])} bare window`,
    ratio: `+${megabytes(memory[name] - bare.memory[name])}`,
    aim: `≤ +${aim} MB`,
  });
  const memoryRows = (name, aim) => [
    grown(name, 'right after four sweeps', large.peakMemory, aim),
    grown(name, 'at rest', large.memory, aim),
  ];
  const beside = (name, ours, theirs, aim) => ({
    what: `${what}: ${name}`,
    ours: milliseconds(ours),
    beside: `${milliseconds(theirs)} bare window`,
    ratio: times(ours / theirs),
    aim: `≤ ${aim} ×`,
  });
  return [
    ...memoryRows('main', 150),
    ...memoryRows('page', 250),
    beside('scrolling, 99th percentile of frames', large.scrollMs, bare.scrollMs, 1.5),
    {
      ...beside('key in the filter to paint', large.keyMs, bare.frameMs, 3),
      note: 'beside one frame; median of three words',
    },
    {
      ...beside('frames with 500 rows changed a second', large.changingMs, bare.frameMs, 2),
      note: 'medians',
    },
    {
      ...beside('longest frame while a change is saved', large.savingMs, bare.longestMs, 1.5),
      note: 'medians of 1.5 s',
    },
    {
      what: `${what}: sweep with the window open`,
      ours: milliseconds(large.sweepMs),
      beside: `${milliseconds(large.bareSweepMs)} bare HTTP`,
      ratio: times(large.sweepMs / large.bareSweepMs),
      aim: '≤ 1.25 ×',
      note: `processor: ${Object.entries(large.processorMs)
        .map(([name, ms]) => `${name} ${milliseconds(ms)}`)
        .join(', ')}; load ${large.load.toFixed(1)}; ${large.rows} rows`,
    },
  ];
}

const megabytes = (bytes) => `${(bytes / 1_048_576).toFixed(0)} MB`;
