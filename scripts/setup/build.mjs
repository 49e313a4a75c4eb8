import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './project.mjs';
import { capture, SetupError } from './run-command.mjs';

const TOOLS = ['package.json', 'package-lock.json', 'tsconfig.json'];

/** What is built, from which sources, by which tool. The command is apart: it needs no window to be built. */
const PARTS = {
  app: {
    sources: ['electron', 'renderer', 'shared', 'electron.vite.config.ts', ...TOOLS],
    command: ['node_modules/electron-vite/bin/electron-vite.js', 'build'],
    results: ['out/main/main.js', 'out/preload/preload.cjs', 'out/renderer/index.html'],
  },
  cli: {
    sources: ['electron', 'shared', 'vite.cli.config.ts', ...TOOLS],
    command: ['node_modules/vite/bin/vite.js', 'build', '--config', 'vite.cli.config.ts'],
    results: ['out/cli/pssm.js'],
  },
};

/** A build takes seconds; one that holds the lock for longer than this hangs. */
const LOCK_LIMIT_MS = 120_000;

/** Builds `app` or `cli` unless its sources are those of the last build. Says nothing when nothing is done. */
export async function ensureBuilt(name, { quiet = false } = {}) {
  if (isCurrent(name)) return;
  const release = await lock();
  try {
    if (isCurrent(name)) return; // another process has just built it
    if (!quiet) console.log(`Building ${name === 'app' ? 'the app' : 'pssm'} …`);
    build(name);
  } finally {
    release();
  }
}

function build(name) {
  const { command, results } = PARTS[name];
  const hash = hashOf(PARTS[name].sources); // before the build: what changes meanwhile makes it stale
  rmSync(stamp(name), { force: true });
  const env = { ...process.env, NO_COLOR: '1' };
  const { code, output } = capture(process.execPath, command, { env });
  const missing = results.filter((file) => !existsSync(join(root, file)));
  if (code !== 0 || missing.length > 0)
    throw new SetupError(
      `${output.trim()}\nThe build of ${name} failed${missing.map((file) => `, no ${file}`).join('')}.`,
    );
  if (name === 'cli') chmodSync(join(root, results[0]), 0o755);
  writeFileSync(stamp(name), hash);
}

const stamp = (name) => join(root, `out/.${name}-sources`);

function isCurrent(name) {
  const { sources, results } = PARTS[name];
  if (!existsSync(stamp(name)) || results.some((file) => !existsSync(join(root, file)))) return false;
  return readFileSync(stamp(name), 'utf8') === hashOf(sources);
}

function hashOf(sources) {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  for (const file of sources.flatMap(filesIn))
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** Every source below a path, relative and sorted; tests do not reach the build. */
function filesIn(path) {
  if (!existsSync(join(root, path))) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .filter((entry) => !/\.test\.tsx?$/.test(entry))
    .flatMap((entry) => filesIn(`${path}/${entry}`));
}

/** One build at a time: a tool empties its folder first, under the feet of any other. */
async function lock() {
  const file = join(root, 'out/.building');
  mkdirSync(join(root, 'out'), { recursive: true });
  for (const deadline = Date.now() + LOCK_LIMIT_MS; ;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isAlive(file)) rmSync(file, { force: true });
    else if (Date.now() > deadline)
      throw new SetupError(`Another build does not end. If none runs, delete ${file}.`);
    else await delay(100);
  }
}

function isAlive(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid === 0 || process.kill(pid, 0); // 0: created, its number not yet written
  } catch (error) {
    return error.code === 'EPERM';
  }
}
