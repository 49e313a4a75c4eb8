// cold-start ELECTRON RUNS: prints {"app", "bare", "ratio", "sparedRatio"}, medians of launches in turn, each from its spawn to a row on the screen.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cpuTimeOf } from './cpu-time.ts';
import { median } from './median.ts';

const ROOT = join(import.meta.dirname, '../..');
const LIMIT_MS = 60_000;
const NO_SANDBOX = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const PROBE = join(import.meta.dirname, 'first-row/main.cjs');
const [electron = '', runs = '7'] = process.argv.slice(2);

interface Start {
  /** Milliseconds from the spawn to the first row on the screen, by the compositor's clock. */
  readonly ms: number;
  /** Milliseconds of processor time of all its processes by then. */
  readonly cpuMs: number | undefined;
}

async function launch(args: readonly string[]): Promise<Start> {
  const folder = mkdtempSync(join(tmpdir(), 'pssession-manager-bench-'));
  const spawnedAt = performance.timeOrigin + performance.now();
  const child = spawn(electron, [...NO_SANDBOX, `--user-data-dir=${folder}`, '-r', PROBE, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true, // a group of its own, which ends as one
  });
  const ended = once(child, 'exit');
  try {
    const { rowAt, shownAt } = await reportOf(child);
    const cpuMs = cpuTimeOf(child.pid ?? 0);
    // A window may be painted before it shows.
    return { ms: Math.max(rowAt, shownAt) - spawnedAt, cpuMs };
  } finally {
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function reportOf(child: ChildProcess): Promise<{ rowAt: number; shownAt: number }> {
  const late = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  try {
    for await (const line of createInterface({ input: child.stdout! }))
      if (line.startsWith('{"rowAt":')) return JSON.parse(line);
  } finally {
    clearTimeout(late);
  }
  throw new Error('The window ended, or took too long, without a row on the screen.');
}

/** What main.ts asks Chromium for on Linux, for a bare window that is spared as much. */
const SPARED = ['--enable-features=NetworkServiceInProcess2,EstablishGpuChannelAsync', '--disable-gpu'];

const bare: Start[] = [];
const spared: Start[] = [];
const app: Start[] = [];
const BARE = [join(import.meta.dirname, 'bare-window/main.cjs')];
await launch(BARE); // reads Electron itself from the disk
for (let run = 0; run < Number(runs); run++) {
  bare.push(await launch(BARE));
  app.push(await launch([ROOT, '--sample']));
  spared.push(await launch([...SPARED, ...BARE]));
}
const figures = (starts: readonly Start[]) => ({
  ms: median(starts.map(({ ms }) => ms)),
  cpuMs: median(starts.map(({ cpuMs }) => cpuMs ?? NaN)),
});
// Of each pair, so that what else the machine does weighs on both sides alike.
const over = (beside: readonly Start[]) => median(app.map(({ ms }, i) => ms / beside[i]!.ms));
const ratios = { ratio: over(bare), sparedRatio: over(spared) };
process.stdout.write(`${JSON.stringify({ app: figures(app), bare: figures(bare), ...ratios })}\n`);
