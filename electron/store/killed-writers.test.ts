import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CredentialStore } from './credentials.ts';
import { openProfiles } from './profiles.ts';
import { memoryVault, vaultsOf } from './vault.ts';

const KILLS = 200;
const AT_ONCE = 4;
/** Of a writer, from its first kept write to its end. Milliseconds. */
const LIFE_MS = 60;

/** Of an audit line. */
const HALF = '{"at":"1970-01-01T00:00:00.000Z","act';

/** The writer as one file without types, so that a process of it starts in a moment. */
let script: string;

beforeAll(async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'pssm-writers-'));
  script = join(outDir, 'writer.mjs');
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: join(import.meta.dirname, 'writers-fixture.ts'),
      outDir,
      target: 'node20',
      minify: true,
      rollupOptions: { output: { entryFileNames: 'writer.mjs' } },
    },
  });
}, 60_000);

afterAll(() => rmSync(dirname(script), { recursive: true }));

/** A process that writes the files of a folder, and what it said is kept. */
function startWriter(folder: string, writer: string, most = '') {
  const child = spawn(process.execPath, [script, folder, writer, most], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kept: string[] = [];
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => kept.push(line));
  const begun = once(lines, 'line');
  const ended = once(child, 'close');
  return { child, kept, begun, ended };
}

/** As if its time were over; that a dead writer's lock is taken over then is profiles.test.ts's to show. */
function unlock(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.lock')))
    rmSync(join(folder, name), { recursive: true });
}

/** All that stands in the files of a folder, in the words of a writer; reading fails where one is not whole. */
async function standingIn(folder: string) {
  const profile = await openProfiles(join(folder, 'profile.json')).load();
  const credentials = await new CredentialStore({
    file: join(folder, 'credentials.json'),
    vaults: async () => vaultsOf([memoryVault('')]),
  }).load();
  const lines = readFileSync(join(folder, 'audit.jsonl'), 'utf8').split('\n').filter(Boolean);
  const audited = lines.flatMap((line) => {
    try {
      return [(JSON.parse(line) as { session: string }).session];
    } catch {
      return [];
    }
  });
  return {
    notices: [profile.notice, credentials.notice].filter(Boolean),
    halves: lines.length - audited.length,
    names: new Set([
      ...profile.content.computers.map(({ computerName }) => `profile ${computerName}`),
      ...credentials.content.credentials.map(({ name }) => `credential ${name}`),
      ...audited.map((name) => `audit ${name}`),
    ]),
  };
}

test(
  'killed at any moment, writers leave whole files, and all that they said was kept',
  { timeout: 300_000 },
  async () => {
    let seed = 1;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    /** In each folder one writer after another goes on with what the one before it left. */
    const folders = Array.from({ length: AT_ONCE }, () => mkdtempSync(join(tmpdir(), 'pssm-killed-')));
    let kills = 0;
    const work = folders.map(async (folder) => {
      const kept: string[] = [];
      let killed = 0;
      for (let n = 0; kills < KILLS; n++) {
        kills++;
        const writer = startWriter(folder, `w${n}`);
        await writer.begun;
        setTimeout(() => writer.child.kill('SIGKILL'), random() * LIFE_MS);
        await writer.ended;
        kept.push(...writer.kept);
        unlock(folder);
        // A kill may cut an audit line off, and hardly ever does: whether it did or not, the next writer finds half a line.
        appendFileSync(join(folder, 'audit.jsonl'), HALF);
        killed++;
      }
      const { notices, names, halves } = await standingIn(folder);
      expect(notices).toEqual([]);
      expect(halves).toBe(killed);
      expect(kept.filter((one) => !names.has(one))).toEqual([]);
      return kept.length;
    });
    const counts = await Promise.all(work);
    expect(kills).toBeGreaterThanOrEqual(KILLS);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(KILLS);
  },
);

test('two processes that write at once lose nothing of each other', { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-two-'));
  const writers = ['app', 'pssm'].map((name) => startWriter(folder, name, '12'));
  await Promise.all(writers.map(({ ended }) => ended));
  const kept = writers.flatMap((one) => one.kept);
  expect(kept).toHaveLength(72);
  const { names, notices, halves } = await standingIn(folder);
  expect({ notices, halves, size: names.size }).toEqual({ notices: [], halves: 0, size: 72 });
});
