// cold-start RUNS: prints {"app": ms, "bare": ms}, medians of launches in turn, each from its spawn to a row of its table.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron } from '@playwright/test';
import { median } from './median.ts';

const ROOT = join(import.meta.dirname, '../..');
const LIMIT_MS = 60_000;
const NO_SANDBOX = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

async function launch(args: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'pssession-manager-bench-'));
  const start = performance.now();
  const app = await electron.launch({
    args: [...NO_SANDBOX, `--user-data-dir=${folder}`, ...args],
    cwd: ROOT,
    timeout: LIMIT_MS,
  });
  try {
    const window = await app.firstWindow({ timeout: LIMIT_MS });
    // The second: the first holds the heads of the columns.
    await window.getByRole('row').nth(1).waitFor({ timeout: LIMIT_MS });
    return performance.now() - start;
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const times = { app: [] as number[], bare: [] as number[] };
const bare = [join(import.meta.dirname, 'bare-window/main.cjs')];
await launch(bare); // reads Electron itself from the disk
for (let run = 0; run < Number(process.argv[2] ?? 5); run++) {
  times.bare.push(await launch(bare));
  times.app.push(await launch([ROOT, '--sample']));
}
process.stdout.write(`${JSON.stringify({ app: median(times.app), bare: median(times.bare) })}\n`);
